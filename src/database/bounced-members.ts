import type { DeliveryStatus } from '../model/enums.ts';
import type { Bounce, LegacyMember, Member } from '../model/member.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { type MemberRow, memberFromRow } from './members.ts';
import { forgetReads } from './read-once.ts';

/** What bounce processing changes of a member. */
export interface BounceChange {
  readonly bounce: Bounce;
  readonly legacy?: LegacyMember | null;
  readonly delivery?: { readonly status: DeliveryStatus; readonly since: UtcTime };
}

/** Stores it; whatever else others have changed of the member meanwhile stays. */
export async function updateBounce(
  connection: Connection,
  memberId: string,
  { bounce, legacy, delivery }: BounceChange,
): Promise<void> {
  forgetReads(connection, 'members');
  await connection('member')
    .where('member_id', memberId)
    .update({
      bounce_score: bounce.score,
      last_bounce_received: bounce.lastReceived,
      last_warning_sent: bounce.lastWarningSent,
      total_warnings_sent: bounce.totalWarningsSent,
      ...(legacy === undefined ? {} : { legacy: legacy && JSON.stringify(legacy) }),
      ...(delivery === undefined
        ? {}
        : { delivery_status: delivery.status, delivery_status_since: delivery.since }),
    });
}

/** Lists on which bounce processing may have something to do with members: some are disabled, or have a score. */
export async function listsWithBounces(connection: Connection): Promise<string[]> {
  return connection('member')
    .where('role', 'member')
    .where((either) => either.where('delivery_status', 'by_bounces').orWhereNotNull('last_bounce_received'))
    .distinct()
    .orderBy('list_id')
    .pluck('list_id');
}

/**
 * Members disabled by bounces whose last warning went out at `before` or earlier, or who never got one.
 * @param warnings those who got fewer, or (`atLeast`) as many or more
 */
export async function disabledMembers(
  connection: Connection,
  listId: string,
  due: { readonly before: UtcTime | undefined; readonly limit: number },
): Promise<Member[]> {
  const { before, limit } = due;
  const query = lockedMembers(connection, listId).where('delivery_status', 'by_bounces');
  query.where((either) => {
    either.whereNull('last_warning_sent');
    if (before !== undefined) either.orWhere('last_warning_sent', '<=', before);
  });
  return (await query.orderBy('email').limit(limit)).map(memberFromRow);
}

/** Members who get mail although their score is this high. */
export async function membersOverThreshold(
  connection: Connection,
  listId: string,
  { threshold, limit }: { readonly threshold: number; readonly limit: number },
): Promise<Member[]> {
  const rows = await gettingMail(lockedMembers(connection, listId))
    .whereNotNull('last_bounce_received')
    .where('bounce_score', '>', 0)
    .where('bounce_score', '>=', threshold)
    .orderBy('email')
    .limit(limit);
  return rows.map(memberFromRow);
}

/** Forgets the bounces of members who get mail, where the last one is older. @returns how many members these were */
export async function forgetStaleBounces(
  connection: Connection,
  listId: string,
  before: UtcTime,
): Promise<number> {
  forgetReads(connection, 'members');
  return gettingMail(connection<MemberRow>('member').where({ list_id: listId, role: 'member' }))
    .where('last_bounce_received', '<', before)
    .update({
      bounce_score: 0,
      last_bounce_received: null,
      last_warning_sent: null,
      total_warnings_sent: 0,
    });
}

function lockedMembers(connection: Connection, listId: string) {
  const query = connection<MemberRow>('member').where({ list_id: listId, role: 'member' });
  return connection.client.dialect === 'sqlite3' ? query : query.forUpdate().skipLocked();
}

function gettingMail<Q extends ReturnType<typeof lockedMembers>>(query: Q): Q {
  query.where((either) => either.whereNull('delivery_status').orWhere('delivery_status', 'enabled'));
  return query;
}
