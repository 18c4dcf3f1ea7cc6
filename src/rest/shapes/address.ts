import type { Address } from '../../model/address.ts';
import type { Call } from '../route.ts';
import { Moment, type Resource } from '../values.ts';
import { userLink } from './user.ts';

/** An address as the API shows it. */
export function addressResource(call: Call, address: Address): Resource {
  return {
    email: address.email,
    original_email: address.originalEmail,
    registered_on: new Moment(address.registeredOn),
    self_link: addressLink(call, address.email),
    ...(address.displayName === '' ? {} : { display_name: address.displayName }),
    ...(address.verifiedOn === null ? {} : { verified_on: new Moment(address.verifiedOn) }),
    ...(address.userId === null ? {} : { user: userLink(call, address.userId) }),
  };
}

/** Where an address is. */
export function addressLink(call: Call, email: string): string {
  return call.link(`/addresses/${email}`);
}
