import { findAddress, updateAddress } from '../database/addresses.ts';
import { moveHandedOver } from '../database/handed-over.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOf, respellMemberships } from '../database/members.ts';
import { FerrymanError } from '../errors.ts';
import type { Address } from '../model/address.ts';
import { addressKey, isValidAddress } from '../model/email-address.ts';
import { refuseMoveWhereMailman2InCharge } from './mailman2-in-charge.ts';

/** An address cannot be changed into another. */
export class ChangeAddressError extends FerrymanError {
  override name = 'ChangeAddressError';
}

/**
 * Changes an address in place: memberships, user and preferences follow, the verified state stays.
 * @throws ChangeAddressError, Mailman2InChargeError
 */
export async function changeAddress(
  connection: Connection,
  oldEmail: string,
  newEmail: string,
): Promise<Address> {
  const address = await findAddress(connection, oldEmail);
  if (!address) throw new ChangeAddressError(`Address ${oldEmail} not found.`);
  if (!isValidAddress(newEmail))
    throw new ChangeAddressError(`Address ${newEmail} is not a valid email address.`);
  if (address.originalEmail === newEmail) {
    throw new ChangeAddressError('Addresses are not different.  Nothing to change.');
  }
  const key = addressKey(newEmail);
  await refuseMoveWhereMailman2InCharge(connection, await membershipsOf(connection, address.addressId));
  if (key !== address.email && (await findAddress(connection, newEmail))) {
    throw new ChangeAddressError(`Address ${newEmail} already exists; can't change.`);
  }
  const changed = { ...address, email: key, originalEmail: newEmail };
  await updateAddress(connection, changed);
  await respellMemberships(connection, address.addressId, newEmail);
  await moveHandedOver(connection, null, address.email, key);
  return changed;
}
