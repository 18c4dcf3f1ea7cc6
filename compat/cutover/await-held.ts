import type { Connection } from '../../src/database/handle.ts';
import { findHeldMessage, type HeldMessage, heldRequestIds } from '../../src/database/held-messages.ts';
import { migratedItems } from '../../src/database/migrated-items.ts';
import { findShadowPosts, insertShadowPost } from '../../src/database/shadow-posts.ts';

/**
 * Posts that Mailman 2 holds since before members could be handed over: when its moderators accept one, those who are handed
 * over by then get it from here, as one that came alongside. In a transaction.
 */
export async function awaitHeldPosts(connection: Connection, listId: string): Promise<void> {
  const items = await migratedItems(connection, listId, 'held_message');
  const theirs = new Set([...items.values()].map(({ target }) => target));
  // One at a time: all of them may be more than there is memory for.
  for (const requestId of await heldRequestIds(connection, listId)) {
    const held = theirs.has(String(requestId)) && (await findHeldMessage(connection, listId, requestId));
    if (held) await awaitHeld(connection, held);
  }
}

async function awaitHeld(connection: Connection, held: HeldMessage): Promise<void> {
  const { listId, messageId, sender, subject, reasons, heldAt, metadata, content } = held;
  const known = await findShadowPosts(connection, listId, messageId);
  if (known.some(({ stage }) => stage === 'alongside')) return;
  await insertShadowPost(connection, {
    ...{ listId, messageId, content, stage: 'alongside', receivedAt: heldAt, decision: 'hold' },
    outcome: {
      ...{ reasons, recipients: [], delivered: [], notices: [], sender, subject },
      metadata: { envelope_sender: sender, ...metadata, stage: 'alongside' },
    },
  });
}
