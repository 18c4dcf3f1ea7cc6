import { queueFiles, readQueueFile } from '../../../migrate/queues/queue-files.ts';
import type { Site } from '../../../migrate/site/site.ts';
import { findCutover } from '../../../src/database/cutover.ts';
import type { Connection } from '../../../src/database/handle.ts';
import { heldSummariesOf } from '../../../src/database/held-messages.ts';
import { type Mailman2Post, mailman2PostsOf } from '../../../src/database/mailman2-posts.ts';
import { type ShadowPost, shadowPostsOf } from '../../../src/database/shadow-posts.ts';
import { FerrymanError } from '../../../src/errors.ts';
import { Message } from '../../../src/message/message.ts';
import { type MailingList, postingAddress } from '../../../src/model/mailing-list.ts';
import { epochFromUtc, type UtcTime } from '../../../src/model/time.ts';
import { isMadeByMailman2, NO_MESSAGE_ID } from '../logs/knowledge.ts';
import { ASPECTS, type Aspect } from './aspects.ts';
import { type ComparedPost, comparePost, type Whereabouts } from './compare.ts';
import { sharedTimes } from './shared-times.ts';

/** How both sides agree about an aspect. */
export interface AspectCount {
  compared: number;
  equal: number;
  improved: number;
  different: number;
}

/** What both sides did with the posts of a list. */
export interface ListParity {
  readonly list: string;
  readonly since: UtcTime;
  readonly posts: number;
  readonly equal: number;
  readonly improved: number;
  readonly different: number;
  /** Of which Mailman 2's logs say nothing: they may be on their way there. */
  readonly unknown: number;
  /** Equal or improved, of those of which both sides are known, in percent; null without any. */
  readonly percent: number | null;
  readonly aspects: Readonly<Record<Aspect, AspectCount>>;
  /** How often each documented difference was seen. */
  readonly improvements: Readonly<Record<string, number>>;
  /** Message-IDs of posts that Mailman 2 has worked on and that did not come here. */
  readonly missing: readonly string[];
  readonly details: readonly ComparedPost[];
}

/** How much sooner than its first post here Mailman 2 may have had one that did not come, in seconds. */
const MARGIN = 60;

/** Compares both sides of all posts of a list since a moment. @param site Mailman 2's, undefined where it is out of reach */
export async function listParity(
  connection: Connection,
  site: Site | undefined,
  list: MailingList,
  since: UtcTime,
): Promise<ListParity> {
  const shadows = await shadowPostsOf(connection, list.listId, since);
  const posts = await mailman2PostsOf(connection, list.listId, since);
  const matches = matching(shadows, posts);
  const held = new Set((await heldSummariesOf(connection, list.listId)).map(({ messageId }) => messageId));
  const isUntold = shadows.some((shadow) => !matches.get(shadow)?.outcome.decision);
  const shunted = site && isUntold ? await shuntedPosts(connection, site, list.listId) : new Set<string>();
  const details = shadows.map((shadow) => {
    const { messageId } = shadow;
    const whereabouts: Whereabouts = shunted.has(messageId)
      ? 'shunted'
      : held.has(messageId)
        ? 'held'
        : undefined;
    return comparePost(list, shadow, matches.get(shadow), whereabouts);
  });
  const count = (state: ComparedPost['state']): number =>
    details.filter((post) => post.state === state).length;
  const counts = { equal: count('equal'), improved: count('improved'), different: count('different') };
  const known = counts.equal + counts.improved + counts.different;
  return {
    list: postingAddress(list),
    since,
    posts: details.length,
    ...counts,
    unknown: count('unknown'),
    percent: known === 0 ? null : Math.floor(((counts.equal + counts.improved) / known) * 1000) / 10,
    aspects: aspectCounts(details),
    improvements: improvementCounts(details),
    missing: missing(shadows, posts, matches, await sharedTimes(connection, list.listId)),
    details,
  };
}

/** Which of Mailman 2's posts is which of ours: the following of its logs has found out (compat/cutover/settle.ts). */
function matching(
  shadows: readonly ShadowPost[],
  posts: readonly Mailman2Post[],
): Map<ShadowPost, Pick<Mailman2Post, 'outcome' | 'copy'>> {
  const byId = new Map(posts.map((post) => [post.messageId, post]));
  const invented = posts.filter(({ messageId }) => isInvented(messageId));
  const found = new Map<ShadowPost, Pick<Mailman2Post, 'outcome' | 'copy'>>();
  for (const shadow of shadows) {
    const { mailman2 } = shadow;
    const own =
      byId.get(shadow.messageId) ??
      (mailman2 &&
        invented.find(
          ({ outcome }) => outcome.decided_at === mailman2.decided_at && outcome.sender === mailman2.sender,
        ));
    if (own?.outcome.decision) found.set(shadow, own);
    else if (mailman2) found.set(shadow, { outcome: mailman2, copy: own?.copy ?? null });
  }
  return found;
}

function isInvented(messageId: string): boolean {
  return messageId === NO_MESSAGE_ID || isMadeByMailman2(messageId);
}

/** Message-IDs of what broke Mailman 2; what cannot be read is left out. */
async function shuntedPosts(connection: Connection, site: Site, listId: string): Promise<Set<string>> {
  const name = (await findCutover(connection, listId))?.mailman2Name;
  const found = new Set<string>();
  for (const file of queueFiles(site).filter(({ queue }) => queue === 'shunt')) {
    try {
      const { listName, message } = readQueueFile(file);
      if (listName === name) found.add(Message.parse(message).headers.get('Message-ID') ?? '');
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
    }
  }
  return found;
}

function aspectCounts(details: readonly ComparedPost[]): Record<Aspect, AspectCount> {
  const counts = Object.fromEntries(
    ASPECTS.map((aspect) => [aspect, { compared: 0, equal: 0, improved: 0, different: 0 }]),
  ) as Record<Aspect, AspectCount>;
  for (const { compared, differences } of details) {
    for (const aspect of compared) {
      const own = differences.filter((difference) => difference.aspect === aspect);
      const isMeant = own.every(({ improvement }) => improvement !== null);
      counts[aspect].compared += 1;
      counts[aspect][own.length === 0 ? 'equal' : isMeant ? 'improved' : 'different'] += 1;
    }
  }
  return counts;
}

function improvementCounts(details: readonly ComparedPost[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { improvement } of details.flatMap(({ differences }) => differences)) {
    if (improvement !== null) counts.set(improvement, (counts.get(improvement) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}

/** From the first post on that came here, while posts came to both. */
function missing(
  shadows: readonly ShadowPost[],
  posts: readonly Mailman2Post[],
  matches: ReadonlyMap<ShadowPost, Pick<Mailman2Post, 'outcome'>>,
  isShared: (epoch: number) => boolean,
): string[] {
  const [first] = shadows;
  if (!first) return [];
  const start = epochFromUtc(first.receivedAt) - MARGIN;
  const here = new Set(shadows.map(({ messageId }) => messageId));
  const matched = new Set([...matches.values()].map(({ outcome }) => outcome));
  return posts
    .filter(({ messageId, outcome }) => {
      const isPost = outcome.sent_at !== null || outcome.decision === 'hold';
      const decidedAt = outcome.decided_at ?? 0;
      const isNew = isPost && decidedAt >= start && isShared(decidedAt) && outcome.moderator === null;
      return isNew && !isInvented(messageId) && !here.has(messageId) && !matched.has(outcome);
    })
    .map(({ messageId }) => messageId);
}
