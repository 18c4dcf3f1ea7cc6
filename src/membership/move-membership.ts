import { findAddress } from '../database/addresses.ts';
import { moveHandedOver } from '../database/handed-over.ts';
import type { Connection } from '../database/handle.ts';
import { findMembers, updateMember } from '../database/members.ts';
import { FerrymanError } from '../errors.ts';
import type { Address } from '../model/address.ts';
import type { Member } from '../model/member.ts';

/** A membership cannot be moved to an address; `problem` lets each interface word it its own way. */
export class MoveMembershipError extends FerrymanError {
  override name = 'MoveMembershipError';
  readonly problem: 'unknown' | 'unverified' | 'foreign' | 'preferred' | 'member';

  constructor(problem: MoveMembershipError['problem'], message: string) {
    super(message);
    this.problem = problem;
  }
}

/**
 * Moves a membership to another verified address of the same user. In a transaction.
 * @throws MoveMembershipError
 */
export async function moveMembership(connection: Connection, member: Member, email: string): Promise<Member> {
  const address = await findAddress(connection, email);
  if (!address) throw new MoveMembershipError('unknown', 'Address not registered');
  if (address.verifiedOn === null) throw new MoveMembershipError('unverified', 'Unverified address');
  const own = await findAddress(connection, member.email);
  if (address.userId === null || own?.userId !== address.userId)
    throw new MoveMembershipError('foreign', 'Address is not controlled by user');
  if (member.subscriptionMode === 'as_user')
    throw new MoveMembershipError('preferred', 'Membership is via preferred address');
  if (address.email === member.email) return member;
  const others = await findMembers(connection, member.listId, member.role, [address.email]);
  if (others.size > 0) throw new MoveMembershipError('member', 'Member already subscribed');
  return movedTo(connection, member, address);
}

/** The membership under another address, whatever speaks against it. */
export async function movedTo(connection: Connection, member: Member, address: Address): Promise<Member> {
  const moved: Member = {
    ...member,
    addressId: address.addressId,
    email: address.email,
    originalEmail: address.originalEmail,
  };
  await updateMember(connection, moved);
  if (member.role === 'member') await moveHandedOver(connection, member.listId, member.email, moved.email);
  return moved;
}
