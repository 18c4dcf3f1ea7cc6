import { insertBounceEvents } from '../../src/database/bounce-events.ts';
import type { Connection } from '../../src/database/handle.ts';
import { normalizeLineEnds } from '../../src/message/line-ends.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Changes } from '../import21/report.ts';
import { digestOf, reconcile } from '../site/reconcile.ts';
import type { RegisteredBounce } from './bounce-files.ts';

/** Has bounces counted here that Mailman 2.1 had recognised and not counted yet. Each comes over once. */
export async function applyBounces(
  connection: Connection,
  { listId }: MailingList,
  bounces: readonly RegisteredBounce[],
): Promise<Changes> {
  // The files are numbered by process, and begin anew: only what is in them tells them apart.
  const distinct = new Map(bounces.map((item) => [bounceDigest(item), item] as const));
  const wanted = [...distinct].map(([digest, item]) => ({ sourceId: digest, digest, item }));
  const { changes } = await reconcile(connection, listId, 'bounce', wanted, {
    add: async ({ address, day, message }) => {
      await insertBounceEvents(connection, listId, [addressKey(address)], {
        context: 'normal',
        receivedAt: day,
        content: normalizeLineEnds(message),
      });
      return '';
    },
    remove: async () => undefined,
  });
  return changes;
}

/** What is in a bounce, in hex: as such it is noted when it has come over. */
export function bounceDigest({ address, day, message }: RegisteredBounce): string {
  return digestOf(address, day, message);
}
