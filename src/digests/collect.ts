import { insertDigestMessage } from '../database/digest-messages.ts';
import type { Connection } from '../database/handle.ts';
import { normalizeLineEnds } from '../message/line-ends.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { UtcTime } from '../model/time.ts';
import { nextEntryId } from '../queue/entry.ts';

/**
 * Adds a post to the next digest of a list, without sending that: also for posts that another server had collected.
 * @param bytes the post as it goes to the members, before header and footer are added
 */
export async function collectForDigest(
  connection: Connection,
  { listId }: Pick<MailingList, 'listId'>,
  bytes: Uint8Array,
  now: UtcTime,
): Promise<void> {
  await insertDigestMessage(connection, {
    digestMessageId: nextEntryId(),
    listId,
    content: normalizeLineEnds(bytes),
    collectedAt: now,
  });
}
