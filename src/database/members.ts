import type { Action, Role, SubscriptionMode } from '../model/enums.ts';
import type { LegacyMember, Member } from '../model/member.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { forgetReads, readOnce } from './read-once.ts';
import {
  type Flag,
  flag,
  insertRows,
  type PreferenceRow,
  preferencesFromRow,
  preferencesToRow,
  type Row,
  selectIn,
} from './rows.ts';
import { executeIn, queryIn } from './statement.ts';

/** A row of the table `member`. */
export interface MemberRow extends PreferenceRow {
  readonly member_id: string;
  readonly list_id: string;
  readonly role: Role;
  readonly address_id: string;
  readonly email: string;
  readonly original_email: string;
  readonly display_name: string;
  readonly subscription_mode: SubscriptionMode;
  readonly moderation_action: Action | null;
  readonly delivery_status_since: UtcTime | null;
  readonly subscribed_at: UtcTime | null;
  readonly bounce_score: number;
  readonly last_bounce_received: UtcTime | null;
  readonly last_warning_sent: UtcTime | null;
  readonly total_warnings_sent: number;
  readonly topics: string | null;
  readonly receive_unmatched_topics: Flag;
  readonly legacy: string | null;
}

/** All memberships of a list in these roles, by role and address. */
export async function membersOfList(
  connection: Connection,
  listId: string,
  roles: readonly Role[],
): Promise<Member[]> {
  const rows = await connection<MemberRow>('member')
    .where('list_id', listId)
    .whereIn('role', roles)
    .orderBy(['role', 'email']);
  return rows.map(memberFromRow);
}

/** The memberships that these addresses have on a list in one role, by key. */
export async function findMembers(
  connection: Connection,
  listId: string,
  role: Role,
  keys: readonly string[],
): Promise<Map<string, Member>> {
  const key = [listId, role, ...keys].join('\n');
  // Several rules ask for the sender of a post, of whom there is mostly one.
  const rows =
    keys.length === 1
      ? await readOnce(connection, 'members', key, () => readMembers(connection, listId, role, keys))
      : await readMembers(connection, listId, role, keys);
  return new Map(rows.map((row) => [row.email, memberFromRow(row)]));
}

async function readMembers(
  connection: Connection,
  listId: string,
  role: Role,
  keys: readonly string[],
): Promise<MemberRow[]> {
  return queryIn<MemberRow>(
    connection,
    (isListed) => `SELECT * FROM member WHERE list_id = ? AND role = ? AND email ${isListed}`,
    [listId, role],
    keys,
  );
}

/** All memberships of one address, by list and role. */
export async function membershipsOf(connection: Connection, addressId: string): Promise<Member[]> {
  const rows = await connection<MemberRow>('member')
    .where('address_id', addressId)
    .orderBy(['list_id', 'role']);
  return rows.map(memberFromRow);
}

/** All memberships of these addresses, in no particular order. */
export async function membershipsOfAll(
  connection: Connection,
  addressIds: readonly string[],
): Promise<Member[]> {
  const rows = await selectIn(addressIds, (batch) =>
    connection<MemberRow>('member').whereIn('address_id', batch),
  );
  return rows.map(memberFromRow);
}

/** How many memberships of a role a list has. */
export async function countMembers(
  connection: Connection,
  listId: string,
  roles: readonly Role[],
): Promise<number> {
  const row = await connection('member')
    .where('list_id', listId)
    .whereIn('role', roles)
    .count({ total: '*' })
    .first<{ total: number | string }>();
  return Number(row.total);
}

/** Stores new memberships. */
export async function insertMembers(connection: Connection, members: readonly Member[]): Promise<void> {
  forgetReads(connection, 'members');
  await insertRows(connection, 'member', members.map(toRow));
}

/** Stores the membership as it is given. */
export async function updateMember(connection: Connection, member: Member): Promise<void> {
  forgetReads(connection, 'members');
  await connection('member').where('member_id', member.memberId).update(toRow(member));
}

/** Writes the address in all its memberships like this. */
export async function respellMemberships(
  connection: Connection,
  addressId: string,
  originalEmail: string,
): Promise<void> {
  forgetReads(connection, 'members');
  await connection('member').where('address_id', addressId).update({ original_email: originalEmail });
}

/** Removes memberships. */
export async function deleteMembers(connection: Connection, memberIds: readonly string[]): Promise<void> {
  forgetReads(connection, 'members');
  await selectIn(memberIds, async (batch) => {
    await connection('member').whereIn('member_id', batch).delete();
    return [];
  });
}

/** Removes the nonmember records of these addresses (their keys) about which no moderator has decided anything. */
export async function deleteUndecidedNonmembers(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<void> {
  forgetReads(connection, 'members');
  await executeIn(
    connection,
    (isListed) =>
      `DELETE FROM member WHERE list_id = ? AND role = 'nonmember' AND moderation_action IS NULL AND email ${isListed}`,
    [listId],
    keys,
  );
}

/** A membership as its row has it. */
export function memberFromRow(row: MemberRow): Member {
  return {
    memberId: row.member_id,
    listId: row.list_id,
    role: row.role,
    addressId: row.address_id,
    email: row.email,
    originalEmail: row.original_email,
    displayName: row.display_name,
    subscriptionMode: row.subscription_mode,
    moderationAction: row.moderation_action,
    preferences: preferencesFromRow(row),
    deliveryStatusSince: row.delivery_status_since,
    subscribedAt: row.subscribed_at,
    bounce: {
      score: row.bounce_score,
      lastReceived: row.last_bounce_received,
      lastWarningSent: row.last_warning_sent,
      totalWarningsSent: row.total_warnings_sent,
    },
    topics: row.topics === null ? null : (JSON.parse(row.topics) as string[]),
    receiveUnmatchedTopics: row.receive_unmatched_topics === 1,
    legacy: row.legacy === null ? null : (JSON.parse(row.legacy) as LegacyMember),
  };
}

function toRow(member: Member): Row {
  return {
    member_id: member.memberId,
    list_id: member.listId,
    role: member.role,
    address_id: member.addressId,
    email: member.email,
    original_email: member.originalEmail,
    display_name: member.displayName,
    subscription_mode: member.subscriptionMode,
    moderation_action: member.moderationAction,
    delivery_status_since: member.deliveryStatusSince,
    subscribed_at: member.subscribedAt,
    bounce_score: member.bounce.score,
    last_bounce_received: member.bounce.lastReceived,
    last_warning_sent: member.bounce.lastWarningSent,
    total_warnings_sent: member.bounce.totalWarningsSent,
    topics: member.topics && JSON.stringify(member.topics),
    receive_unmatched_topics: flag(member.receiveUnmatchedTopics),
    legacy: member.legacy && JSON.stringify(member.legacy),
    ...preferencesToRow(member.preferences),
  };
}
