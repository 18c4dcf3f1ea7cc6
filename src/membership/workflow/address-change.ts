import { findAddress, updateAddress, verifyAddresses } from '../../database/addresses.ts';
import { moveHandedOver } from '../../database/handed-over.ts';
import type { Connection } from '../../database/handle.ts';
import { lockList } from '../../database/lists.ts';
import { deleteMembers, findMembers, membershipsOf, updateMember } from '../../database/members.ts';
import { deletePending, insertPending, type Pending, pendingOf } from '../../database/pending.ts';
import { deleteUser } from '../../database/users.ts';
import type { Address } from '../../model/address.ts';
import { addressKey, isValidAddress, type Mailbox } from '../../model/email-address.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import { laterBy } from '../../model/time.ts';
import { newToken } from '../../model/token.ts';
import type { Step } from '../../queue/step.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { confirmAddressChangeNotice } from '../../templates/notices/address-change.ts';
import { banCheck } from '../bans.ts';
import { changeAddress } from '../change-address.ts';
import { refuseMoveWhereMailman2InCharge } from '../mailman2-in-charge.ts';
import { ensureAddresses } from '../people.ts';
import { recipientOf } from '../recipient.ts';
import { RequestRefused } from './refusal.ts';

/** A member's wish to get mail elsewhere. */
export interface AddressChange {
  readonly oldEmail: string;
  readonly newMailbox: Mailbox;
  /** On all lists; else on the list where it is asked only. */
  readonly everywhere: boolean;
}

/** Unanswered mails to one new address of one member. */
const MOST_OPEN_CHANGES = 3;

/**
 * Asks the new address to confirm that it takes the place of the old one. Nothing changes before that.
 * @returns the token
 * @throws RequestRefused invalid_address, same_address, not_member, banned, posting_address, already_member (a change
 * on one list to an address that is a member there), too_many_requests
 */
export async function requestAddressChange(
  step: Step,
  list: MailingList,
  change: AddressChange,
): Promise<string> {
  const { connection, clock } = step;
  const { newMailbox, everywhere } = change;
  const oldKey = addressKey(change.oldEmail);
  const newKey = addressKey(newMailbox.address);
  if (!isValidAddress(newMailbox.address)) throw new RequestRefused('invalid_address');
  const members = await findMembers(connection, list.listId, 'member', [oldKey, newKey]);
  const member = members.get(oldKey);
  if (!member) throw new RequestRefused('not_member');
  if (newMailbox.address === member.originalEmail) throw new RequestRefused('same_address');
  if (newKey !== oldKey && members.has(newKey) && !everywhere) throw new RequestRefused('already_member');
  await refuseUnfit(connection, list, newKey);
  const now = clock.now();
  const open = await pendingOf(connection, list.listId, { kind: 'change_address', email: oldKey }, now);
  const same = open.filter(({ data }) => addressKey(String(data.new_address)) === newKey);
  if (same.length >= MOST_OPEN_CHANGES) throw new RequestRefused('too_many_requests');
  const token = newToken();
  await insertPending(connection, {
    token,
    listId: list.listId,
    kind: 'change_address',
    email: oldKey,
    data: { new_address: newMailbox.address, display_name: newMailbox.displayName, everywhere },
    createdAt: now,
    expiresAt: laterBy(now, step.config.mailman.pending_request_life),
  });
  const old = await findAddress(connection, oldKey);
  const to = { ...(await recipientOf(connection, list, newMailbox, old)), address: newMailbox.address };
  await sendNotice(
    step,
    confirmAddressChangeNotice(list, { to, token, oldAddress: member.originalEmail, everywhere }),
  );
  return token;
}

/**
 * Carries out a change that the new address has confirmed. A membership that the new address has already stays as it
 * is, and that of the old address ends. The token is used up. One that comes from elsewhere (`apart`) moves members of
 * lists and nothing else: nobody here has made sure that it was the account's owner who asked.
 * @throws RequestRefused unknown_token, not_member, banned, posting_address; Mailman2InChargeError
 */
export async function confirmAddressChange(step: Step, list: MailingList, pending: Pending): Promise<void> {
  const { connection, clock } = step;
  await lockList(connection, list.listId);
  if (!(await deletePending(connection, pending.token))) throw new RequestRefused('unknown_token');
  const newAddress = String(pending.data.new_address);
  const displayName = String(pending.data.display_name ?? '');
  const isApart = pending.data.apart === true;
  const everywhere = pending.data.everywhere === true;
  const old = await findAddress(connection, pending.email);
  if (!old) throw new RequestRefused('not_member');
  const newKey = addressKey(newAddress);
  await refuseUnfit(connection, list, newKey);
  const memberships = await changing(connection, list, old, { everywhere, isApart });
  await refuseMoveWhereMailman2InCharge(connection, memberships);
  const known = await findAddress(connection, newAddress);
  if (newKey === old.email || (everywhere && !known && !isApart)) {
    const changed = await changeAddress(connection, old.originalEmail, newAddress);
    await verifyAddresses(connection, [changed.addressId], clock.now());
  } else {
    const target = known ?? (await addressBeside(step, old, { address: newAddress, displayName }, isApart));
    await verifyAddresses(connection, [target.addressId], clock.now());
    await moveMemberships(connection, memberships, target, newAddress);
  }
  step.log(
    'subscribe',
    `${postingAddress(list)}: changed member address from ${old.originalEmail} to ${newAddress}`,
  );
}

async function changing(
  connection: Connection,
  list: MailingList,
  old: Address,
  { everywhere, isApart }: { readonly everywhere: boolean; readonly isApart: boolean },
): Promise<Member[]> {
  const all = await membershipsOf(connection, old.addressId);
  const here = all.filter(({ listId, role }) => listId === list.listId && role === 'member');
  if (here.length === 0) throw new RequestRefused('not_member');
  if (!everywhere) return here;
  return all.filter(({ role }) => role === 'member' || (role !== 'nonmember' && !isApart));
}

/** A new address beside the old one. @param isApart whether it is of another user */
async function addressBeside(step: Step, old: Address, mailbox: Mailbox, isApart: boolean): Promise<Address> {
  const { connection, clock } = step;
  const made = (await ensureAddresses(connection, [mailbox], null, clock.now())).get(
    addressKey(mailbox.address),
  );
  if (!made) throw new RequestRefused('invalid_address');
  const userId = isApart ? made.userId : (old.userId ?? made.userId);
  const shared = { ...made, userId, preferences: old.preferences };
  await updateAddress(connection, shared);
  // The user that was made along with the address owns nothing now.
  if (made.userId !== null && made.userId !== shared.userId) await deleteUser(connection, made.userId);
  return shared;
}

async function moveMemberships(
  connection: Connection,
  memberships: readonly Member[],
  target: Address,
  originalEmail: string,
): Promise<void> {
  const taken = new Set(
    (await membershipsOf(connection, target.addressId)).map(({ listId, role }) => `${listId} ${role}`),
  );
  for (const member of memberships) {
    if (taken.has(`${member.listId} ${member.role}`)) await deleteMembers(connection, [member.memberId]);
    else {
      await updateMember(connection, {
        ...member,
        addressId: target.addressId,
        email: target.email,
        originalEmail,
        subscriptionMode: 'as_address',
      });
      if (member.role === 'member')
        await moveHandedOver(connection, member.listId, member.email, target.email);
    }
  }
}

async function refuseUnfit(connection: Connection, list: MailingList, newKey: string): Promise<void> {
  if (newKey === addressKey(postingAddress(list))) throw new RequestRefused('posting_address');
  if ((await banCheck(connection, list.listId))(newKey)) throw new RequestRefused('banned');
}
