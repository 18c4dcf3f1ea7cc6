import { join } from 'node:path';
import { deleteCollectedPosts, insertDigestMessage } from '../../src/database/digest-messages.ts';
import type { Connection } from '../../src/database/handle.ts';
import { normalizeLineEnds } from '../../src/message/line-ends.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { UtcTime } from '../../src/model/time.ts';
import { nextEntryId } from '../../src/queue/entry.ts';
import type { Changes } from '../import21/report.ts';
import { messagesOf } from './mbox-messages.ts';
import { digestOf, reconcile } from './reconcile.ts';
import { readIfThere } from './source-file.ts';
import type { SourceList } from './source-list.ts';

/** The posts that wait for the next digest of a list. */
export function digestPosts({ folder }: Pick<SourceList, 'folder'>): Buffer[] {
  const mbox = readIfThere(join(folder, 'digest.mbox'));
  return mbox ? messagesOf(mbox) : [];
}

/** Puts them into the digest that is being collected here. */
export async function applyDigestPosts(
  connection: Connection,
  { listId }: MailingList,
  posts: readonly Buffer[],
  now: UtcTime,
): Promise<Changes> {
  const seen = new Map<string, number>();
  const wanted = posts.map((post) => {
    const digest = digestOf(post);
    // The same post may be there twice.
    const copy = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, copy);
    return { sourceId: `${digest}/${copy}`, digest, item: post };
  });
  const { changes } = await reconcile(connection, listId, 'digest', wanted, {
    add: async (post) => {
      const digestMessageId = nextEntryId();
      const content = normalizeLineEnds(post);
      await insertDigestMessage(connection, { digestMessageId, listId, content, collectedAt: now });
      return digestMessageId;
    },
    remove: (digestMessageId) => deleteCollectedPosts(connection, [{ digestMessageId, size: 0 }]),
  });
  return changes;
}
