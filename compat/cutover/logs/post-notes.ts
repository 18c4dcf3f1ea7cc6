import type { Cutover } from '../../../src/database/cutover.ts';
import type { Connection } from '../../../src/database/handle.ts';
import {
  findMailman2Posts,
  type Mailman2Outcome,
  putMailman2Post,
  waitingMailman2Posts,
} from '../../../src/database/mailman2-posts.ts';
import { messageKey } from '../../../src/database/message-key.ts';
import { findShadowPosts } from '../../../src/database/shadow-posts.ts';
import { decodeHeader } from '../../../src/message/encoded-words.ts';
import type { UtcTime } from '../../../src/model/time.ts';
import type { TimedEvent } from './events.ts';
import { isMadeByMailman2, learn, nameOf, type PostEvent } from './knowledge.ts';

interface NotedPost {
  readonly listId: string;
  readonly name: string;
  readonly messageId: string;
  outcome: Mailman2Outcome | undefined;
  isChanged: boolean;
}

interface SentPost {
  readonly at: number;
  readonly pid: number;
  readonly listId: string;
  readonly name: string;
  readonly messageId: string;
}

/** How many posts of the last time are kept for what is logged about them later. */
const KEPT = 1000;

/** Puts together what lines of several logs say about a post, and writes it down. */
export class PostNotes {
  /** Sent last, for the failures that are logged after them. */
  readonly #sent: SentPost[] = [];
  /** Numbers of recipients of mails with an identifier of Mailman 2's own: most are no posts. */
  readonly #counts = new Map<string, PostEvent>();

  /** @param events in the order in which they happened */
  async write(
    connection: Connection,
    events: readonly TimedEvent[],
    moving: ReadonlyMap<string, Cutover>,
    now: UtcTime,
  ): Promise<void> {
    const posts = new Map<string, NotedPost>();
    for (const { at, pid, event } of events) {
      if (event.kind === 'undeliverable') {
        const sent = this.#sent.findLast((one) => one.at === at && one.pid === pid);
        if (sent) addFailure(await open(connection, posts, sent), event.address, event.code);
        continue;
      }
      const listId = moving.get(event.list)?.listId;
      if (listId === undefined) continue;
      const post =
        'messageId' in event
          ? await this.#find(connection, posts, { at, pid, listId }, event)
          : await findWaiting(connection, posts, listId, event);
      if (post) change(post, learn(post.outcome, event, at));
    }
    for (const { listId, name, messageId, outcome, isChanged } of posts.values()) {
      if (!outcome || !isChanged) continue;
      await putMailman2Post(connection, { listId, messageId, changedAt: now, outcome }, name);
    }
  }

  /** Undefined for what is no post, or not known to be one yet. */
  async #find(
    connection: Connection,
    posts: Map<string, NotedPost>,
    { at, pid, listId }: { readonly at: number; readonly pid: number; readonly listId: string },
    event: Exclude<PostEvent, { readonly kind: 'refused' | 'dropped' }>,
  ): Promise<NotedPost | undefined> {
    const { messageId } = event;
    const name = nameOf(messageId, at);
    if (event.kind === 'accepted') {
      this.#sent.push({ at, pid, listId, name, messageId });
      if (this.#sent.length > KEPT) this.#sent.shift();
    }
    const post = await open(connection, posts, { listId, name, messageId });
    if (!isMadeByMailman2(messageId)) return post;
    const key = `${listId} ${messageId}`;
    if (event.kind === 'sent' && !post.outcome) {
      this.#counts.set(key, event);
      const [oldest] = this.#counts.keys();
      if (this.#counts.size > KEPT && oldest !== undefined) this.#counts.delete(oldest);
      return undefined;
    }
    const count = this.#counts.get(key);
    this.#counts.delete(key);
    if (count) change(post, learn(post.outcome, count, at));
    return post;
  }
}

async function open(
  connection: Connection,
  posts: Map<string, NotedPost>,
  { listId, name, messageId }: Pick<NotedPost, 'listId' | 'name' | 'messageId'>,
): Promise<NotedPost> {
  const key = `${listId} ${name}`;
  const open = posts.get(key);
  if (open) return open;
  const known = (await findMailman2Posts(connection, listId, [name])).get(messageKey(name));
  const post: NotedPost = { listId, name, messageId, outcome: known?.outcome, isChanged: false };
  posts.set(key, post);
  return post;
}

/** Which of the posts that wait a moderator has decided about: author and subject are all that the log names. */
async function findWaiting(
  connection: Connection,
  posts: Map<string, NotedPost>,
  listId: string,
  event: Extract<PostEvent, { readonly kind: 'refused' | 'dropped' }>,
): Promise<NotedPost | undefined> {
  for (const { messageId } of await waitingMailman2Posts(connection, listId)) {
    await open(connection, posts, { listId, name: messageId, messageId });
  }
  const waiting = [...posts.values()].filter(
    ({ listId: other, outcome }) =>
      other === listId &&
      outcome?.decision === 'hold' &&
      outcome.moderator === null &&
      outcome.sender === event.sender,
  );
  const wanted = comparable(event.subject);
  for (const post of waiting) {
    const shadows = await findShadowPosts(connection, listId, post.messageId);
    if (shadows.some(({ outcome }) => comparable(outcome.subject) === wanted)) return post;
  }
  return waiting[0];
}

function comparable(subject: string): string {
  return decodeHeader(subject).replace(/\s+/g, ' ').trim().toLowerCase();
}

function addFailure(post: NotedPost, address: string, code: number): void {
  const { outcome } = post;
  if (!outcome || outcome.refused.some((one) => one.address === address)) return;
  change(post, { ...outcome, refused: [...outcome.refused, { address, code }] });
}

function change(post: NotedPost, outcome: Mailman2Outcome): void {
  if (outcome === post.outcome) return;
  post.outcome = outcome;
  post.isChanged = true;
}
