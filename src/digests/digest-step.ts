import { collectedSize, deletePostsOfDigest, postsOfDigest } from '../database/digest-messages.ts';
import { findList, lockCounters } from '../database/lists.ts';
import { NoSuchListError } from '../flow/errors.ts';
import { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Step } from '../queue/step.ts';
import { collectForDigest } from './collect.ts';
import { mimeDigest } from './mime-digest.ts';
import { plainDigest } from './plain-digest.ts';
import { prepareDigest } from './prepare.ts';
import { sendDigest } from './send.ts';

const KIB = 1024;

/**
 * The step of the queue `digest`: adds a post to the next digest, which is sent when it has reached
 * `digest_size_threshold` (0: never for its size); or writes a digest that is to be sent.
 * @throws NoSuchListError
 */
export async function digestStep(content: Uint8Array, metadata: MessageMetadata, step: Step): Promise<void> {
  const listId = metadata.listid ?? '';
  const { digest } = metadata;
  // Locked before a post is stored: two processes that each had stored one would wait for each other to send.
  const list = digest ? await findList(step.connection, listId) : await lockCounters(step.connection, listId);
  if (!list) throw new NoSuchListError(`No such list: ${listId}`);
  if (digest) await writeDigest(step, list, digest);
  else await collectPost(step, list, content);
}

async function collectPost(step: Step, list: MailingList, content: Uint8Array): Promise<void> {
  const { connection, clock } = step;
  await collectForDigest(connection, list, content, clock.now());
  const { digest_size_threshold } = list.settings;
  if (digest_size_threshold <= 0) return;
  if ((await collectedSize(connection, list.listId)) >= digest_size_threshold * KIB)
    await sendDigest(step, list.listId);
}

/** Both forms go out and the posts are forgotten in one transaction: whatever crashes, a digest is sent once. */
async function writeDigest(
  step: Step,
  list: MailingList,
  { mime, plain, ...issue }: NonNullable<MessageMetadata['digest']>,
): Promise<void> {
  const { connection, enqueue } = step;
  const stored = await postsOfDigest(connection, list.listId, issue);
  if (stored.length === 0) return;
  const digest = await prepareDigest(
    step,
    list,
    issue,
    stored.map((bytes) => Message.parse(bytes)),
  );
  const metadata: MessageMetadata = { listid: list.listId, isdigest: true, nodecorate: true };
  if (mime.length > 0)
    await enqueue('virgin', mimeDigest(digest).toBuffer(), { ...metadata, recipients: [...mime] });
  if (plain.length > 0)
    await enqueue('virgin', plainDigest(digest).toBuffer(), { ...metadata, recipients: [...plain] });
  await deletePostsOfDigest(connection, list.listId, issue);
}
