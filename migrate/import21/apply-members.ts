import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '../../src/database/handle.ts';
import {
  countMembers,
  deleteMembers,
  findMembers,
  insertMembers,
  updateMember,
} from '../../src/database/members.ts';
import { usersWithPassword } from '../../src/database/users.ts';
import { ensureAddresses } from '../../src/membership/people.ts';
import type { Address } from '../../src/model/address.ts';
import { addressKey } from '../../src/model/email-address.ts';
import { type Role, roles } from '../../src/model/enums.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Member } from '../../src/model/member.ts';
import type { UtcTime } from '../../src/model/time.ts';
import { newId } from '../../src/model/uuid.ts';
import type { ImportedMember } from './members.ts';
import type { Changes } from './report.ts';

/** Memberships written at once; bounds the memory that a large list takes. */
const BATCH = 500;

/** Memberships looked at at once when searching those who are gone. */
const PAGE = 5000;

/** Decides about memberships beside the file. */
export interface Reconciler {
  /**
   * @param after as the file has it
   * @param before as it is here
   * @returns what is stored; undefined where it stays as it is here, or absent
   */
  decide(after: Member, before: Member | undefined): Member | undefined;
  /** Whether a member stays who is not in the file; asked when all of the file were decided about. @param key of an address */
  stays(key: string): boolean;
}

export type RosterChanges = Readonly<Record<Role, Changes>>;

/**
 * Brings the rosters of a list to what the file says: adds, updates, and (unless `keep`) removes who is gone there.
 * @param progress called with the number of memberships done so far
 */
export async function applyMembers(
  connection: Connection,
  list: MailingList,
  members: Iterable<ImportedMember>,
  options: {
    readonly keep: boolean;
    readonly reconciler?: Reconciler | undefined;
    readonly now: UtcTime;
    readonly progress: (done: number) => void;
  },
): Promise<RosterChanges> {
  const changes = Object.fromEntries(
    roles.map((role) => [role, { added: 0, updated: 0, removed: 0, unchanged: 0 }]),
  ) as Record<Role, Changes>;
  const wasEmpty = (await countMembers(connection, list.listId, roles)) === 0;
  const present = new Map(roles.map((role) => [role, new Set<string>()]));
  let done = 0;
  for (const batch of batchesByRole(members)) {
    const role = batch[0]?.role ?? 'member';
    await applyBatch(connection, list, role, batch, { ...options, wasEmpty }, changes[role]);
    if (!wasEmpty) for (const { mailbox } of batch) present.get(role)?.add(addressKey(mailbox.address));
    done += batch.length;
    options.progress(done);
  }
  if (!wasEmpty && !options.keep) {
    for (const role of roles) {
      const stays = (key: string): boolean =>
        present.get(role)?.has(key) === true ||
        (role === 'member' && options.reconciler?.stays(key) === true);
      changes[role].removed = await removeMissing(connection, list, role, stays);
    }
  }
  return changes;
}

async function applyBatch(
  connection: Connection,
  list: MailingList,
  role: Role,
  batch: readonly ImportedMember[],
  {
    now,
    wasEmpty,
    reconciler,
  }: {
    readonly now: UtcTime;
    readonly wasEmpty: boolean;
    readonly reconciler?: Reconciler | undefined;
  },
  changes: Changes,
): Promise<void> {
  // A name belongs to the membership: on an address it would show up on lists where the person gave none.
  const mailboxes = batch.map(({ mailbox: { address } }) => ({ address, displayName: '' }));
  const addresses = await ensureAddresses(connection, mailboxes, now);
  const keys = batch.map(({ mailbox }) => addressKey(mailbox.address));
  const userIds = [...addresses.values()].flatMap(({ userId }) => userId ?? []);
  const withPassword = await usersWithPassword(connection, userIds);
  const known = wasEmpty ? new Map<string, Member>() : await findMembers(connection, list.listId, role, keys);
  const added: Member[] = [];
  for (const [index, imported] of batch.entries()) {
    const address = addresses.get(keys[index] ?? '');
    if (!address) continue;
    const before = known.get(address.email);
    const hasOwnPassword = address.userId !== null && withPassword.has(address.userId);
    const wanted = hasOwnPassword ? withoutPassword(imported) : imported;
    const there = toMember(list, wanted, address, before);
    const after = reconciler ? reconciler.decide(there, before) : there;
    if (!after) changes.unchanged += 1;
    else if (!before) added.push(after);
    else if (isDeepStrictEqual(before, after)) changes.unchanged += 1;
    else {
      await updateMember(connection, after);
      changes.updated += 1;
    }
  }
  await insertMembers(connection, added);
  changes.added += added.length;
}

/** The password of an account is the only one that counts; one in clear beside it would be of no use. */
function withoutPassword(imported: ImportedMember): ImportedMember {
  if (!imported.legacy) return imported;
  const { password: _, ...legacy } = imported.legacy;
  return { ...imported, legacy };
}

/** When somebody joined is not in Mailman 2.1's files. */
function toMember(
  list: MailingList,
  imported: ImportedMember,
  address: Address,
  before: Member | undefined,
): Member {
  return {
    memberId: before?.memberId ?? newId(),
    listId: list.listId,
    role: imported.role,
    addressId: address.addressId,
    email: address.email,
    originalEmail: imported.mailbox.address,
    displayName: imported.mailbox.displayName,
    subscriptionMode: before?.subscriptionMode ?? 'as_address',
    moderationAction: imported.moderationAction,
    preferences: imported.preferences,
    deliveryStatusSince: imported.deliveryStatusSince,
    subscribedAt: before?.subscribedAt ?? null,
    bounce: imported.bounce,
    topics: imported.topics,
    receiveUnmatchedTopics: imported.receiveUnmatchedTopics,
    legacy: imported.legacy,
  };
}

async function removeMissing(
  connection: Connection,
  list: MailingList,
  role: Role,
  stays: (key: string) => boolean,
): Promise<number> {
  const gone: string[] = [];
  for (let last = ''; ; ) {
    const rows: MemberKey[] = await connection('member')
      .where({ list_id: list.listId, role })
      .where('email', '>', last)
      .orderBy('email')
      .limit(PAGE)
      .select('member_id', 'email');
    for (const { member_id, email } of rows) if (!stays(email)) gone.push(member_id);
    if (rows.length < PAGE) break;
    last = rows.at(-1)?.email ?? '';
  }
  await deleteMembers(connection, gone);
  return gone.length;
}

interface MemberKey {
  readonly member_id: string;
  readonly email: string;
}

/** Parts of at most BATCH memberships, each of a single role; the members come role by role. */
function* batchesByRole(members: Iterable<ImportedMember>): Generator<ImportedMember[]> {
  let batch: ImportedMember[] = [];
  for (const member of members) {
    if (batch.length >= BATCH || (batch[0] !== undefined && batch[0].role !== member.role)) {
      yield batch;
      batch = [];
    }
    batch.push(member);
  }
  if (batch.length > 0) yield batch;
}
