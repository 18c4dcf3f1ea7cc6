import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';

/**
 * Notes that a member posts now, and forgets what is older than `since`.
 * @returns how often the member has posted since then, this post included
 */
export async function recordPost(
  connection: Connection,
  memberId: string,
  now: UtcTime,
  since: UtcTime,
): Promise<number> {
  await connection('recent_post').where('member_id', memberId).where('posted_at', '<', since).delete();
  await connection('recent_post').insert({ member_id: memberId, posted_at: now });
  const row = await connection('recent_post')
    .where('member_id', memberId)
    .count({ total: '*' })
    .first<{ total: number | string }>();
  return Number(row.total);
}
