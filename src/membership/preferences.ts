import { addressesOfUser, updateAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOfAll, updateMember } from '../database/members.ts';
import { updateUser } from '../database/users.ts';
import type { Address } from '../model/address.ts';
import type { DeliveryMode } from '../model/enums.ts';
import { type Member, noBounce } from '../model/member.ts';
import type { Preferences } from '../model/preferences.ts';
import type { UtcTime } from '../model/time.ts';
import type { User } from '../model/user.ts';
import { keepLastDigests } from './last-digest.ts';

/**
 * Changes what a member has set for one list; what is left out stays. Whoever gives digests up still gets the one that
 * was begun. Setting the delivery status notes since when it applies, and delivery that is on again forgets what has
 * bounced (mailman21.md: setDeliveryStatus). In a transaction.
 * @returns the member as it is stored now
 */
export async function changeMemberPreferences(
  connection: Connection,
  member: Member,
  change: Partial<Preferences>,
  now: UtcTime,
): Promise<Member> {
  const preferences = { ...member.preferences, ...change };
  const changed: Member = { ...member, preferences, ...statusTraces(member, preferences, now) };
  await keepLastDigests(connection, [member], () => updateMember(connection, changed));
  return changed;
}

/** Changes what applies to all memberships of an address that have nothing of their own set. In a transaction. */
export async function changeAddressPreferences(
  connection: Connection,
  address: Address,
  change: Partial<Preferences>,
): Promise<Address> {
  const changed: Address = { ...address, preferences: { ...address.preferences, ...change } };
  const members = await membershipsOfAll(connection, [address.addressId]);
  await keepLastDigests(connection, members, () => updateAddress(connection, changed));
  return changed;
}

/** Changes what applies to all memberships of a user where neither they nor their addresses say otherwise. In a transaction. */
export async function changeUserPreferences(
  connection: Connection,
  user: User,
  change: Partial<Preferences>,
): Promise<User> {
  const changed: User = { ...user, preferences: { ...user.preferences, ...change } };
  const addresses = await addressesOfUser(connection, user.userId);
  const members = await membershipsOfAll(
    connection,
    addresses.map(({ addressId }) => addressId),
  );
  await keepLastDigests(connection, members, () => updateUser(connection, changed));
  return changed;
}

/** What a member is called on one list, and which topics are wanted there. In a transaction. @returns the member as stored */
export async function changeMemberDetails(
  connection: Connection,
  member: Member,
  details: Partial<Pick<Member, 'displayName' | 'topics' | 'receiveUnmatchedTopics'>>,
): Promise<Member> {
  const changed = { ...member, ...details };
  await updateMember(connection, changed);
  return changed;
}

/** Changes how a member gets the posts of one list. In a transaction. */
export function changeDeliveryMode(
  connection: Connection,
  member: Member,
  mode: DeliveryMode,
  now: UtcTime,
): Promise<Member> {
  return changeMemberPreferences(connection, member, { delivery_mode: mode }, now);
}

/** Sends mail to a member again, whoever had switched it off, and forgets what has bounced. */
export function enableDelivery(connection: Connection, member: Member, now: UtcTime): Promise<Member> {
  return changeMemberPreferences(connection, member, { delivery_status: 'enabled' }, now);
}

/** What goes along with a delivery status that is not what it was. */
function statusTraces(
  member: Member,
  { delivery_status }: Preferences,
  now: UtcTime,
): Partial<Pick<Member, 'bounce' | 'deliveryStatusSince'>> {
  if (delivery_status === member.preferences.delivery_status) return {};
  const isOn = delivery_status === 'enabled' || delivery_status === null;
  return { deliveryStatusSince: now, ...(isOn ? { bounce: noBounce } : {}) };
}
