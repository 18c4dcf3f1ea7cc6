import {
  assignToDigest,
  type CollectedPost,
  collectedPosts,
  type DigestIssue,
  deleteCollectedPosts,
} from '../database/digest-messages.ts';
import { deleteLastDigests, digestRecipients } from '../database/digest-recipients.ts';
import { lockList, storeDigestNumbers, updateSettings } from '../database/lists.ts';
import { addressKey } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';
import { bumpedIssue, issueToSend } from './issue.ts';

/** Octets of posts in one digest, unless a single post has more: few mail servers take a mail of more than 10 MB. */
const LARGEST_DIGEST = 8 * 1024 * 1024;
/** Posts in one digest. */
const MOST_POSTS = 500;

/** A digest on its way. */
export interface SentDigest extends DigestIssue {
  readonly posts: number;
  readonly recipients: number;
}

/**
 * Sends what was collected for a list: numbers it and has the queue `digest` write it. As part of the step, so that a
 * post goes out with one digest, and a number belongs to one digest, whoever else is at it. Posts that would make a
 * digest too big for mail servers go out with a further one.
 * @returns the digests in order; none where nothing was collected, or the list is gone
 */
export async function sendDigest(step: Step, listId: string): Promise<SentDigest[]> {
  const { connection, clock, enqueue } = step;
  const locked = await lockList(connection, listId);
  const posts = locked ? await collectedPosts(connection, listId) : [];
  if (!locked || posts.length === 0) return [];
  const now = clock.now();
  const { mime, plain } = await recipientsOf(step, locked);
  const recipients = mime.length + plain.length;
  const sent: SentDigest[] = [];
  let list = locked;
  for (const group of groups(posts)) {
    const issue = issueToSend(list, now);
    if (recipients === 0) await deleteCollectedPosts(connection, group);
    else {
      await assignToDigest(connection, group, issue);
      await enqueue('digest', Buffer.alloc(0), { listid: listId, digest: { ...issue, mime, plain } });
    }
    sent.push({ ...issue, posts: group.length, recipients });
    list = {
      ...list,
      volume: issue.volume,
      nextDigestNumber: issue.number + 1,
      digestLastSentAt: now,
    };
  }
  await storeDigestNumbers(connection, list);
  return sent;
}

/** Changes the number of the next digest of a list. @returns the new one; undefined where the list is gone */
export async function bumpDigest(
  { connection, clock }: Pick<Step, 'connection' | 'clock'>,
  listId: string,
): Promise<DigestIssue | undefined> {
  const list = await lockList(connection, listId);
  if (!list) return undefined;
  const now = clock.now();
  const { volume, number } = bumpedIssue(list, now);
  await storeDigestNumbers(connection, { listId, volume, nextDigestNumber: number, digestLastSentAt: now });
  return { volume, number };
}

/** Those who were to get one last digest get this one. */
async function recipientsOf({ connection }: Step, list: MailingList) {
  const { one_last_digest } = list.settings;
  const recipients = await digestRecipients(connection, list.listId, one_last_digest.map(addressKey));
  await deleteLastDigests(connection, list.listId);
  if (one_last_digest.length > 0) await updateSettings(connection, list, { one_last_digest: [] });
  return recipients;
}

function groups(posts: readonly CollectedPost[]): CollectedPost[][] {
  const found: CollectedPost[][] = [];
  let group: CollectedPost[] = [];
  let size = 0;
  for (const post of posts) {
    if (group.length > 0 && (size + post.size > LARGEST_DIGEST || group.length >= MOST_POSTS)) {
      found.push(group);
      group = [];
      size = 0;
    }
    group.push(post);
    size += post.size;
  }
  return [...found, group];
}
