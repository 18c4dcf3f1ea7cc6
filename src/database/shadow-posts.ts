import type { AddressStage } from '../model/cutover.ts';
import { cleanText } from '../model/text.ts';
import type { UtcTime } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Connection } from './handle.ts';
import type { Mailman2Outcome } from './mailman2-posts.ts';
import { LONGEST_MESSAGE_ID, messageKey } from './message-key.ts';

/** What becomes of a post. */
export type Decision = 'accept' | 'hold' | 'reject' | 'discard';

/** A post that Mailman 2 was in charge of, and what this server made of it. */
export interface ShadowPost {
  readonly shadowId: string;
  readonly listId: string;
  /** With angle brackets, '' where it came without. */
  readonly messageId: string;
  readonly stage: AddressStage;
  readonly receivedAt: UtcTime;
  readonly decision: Decision;
  readonly outcome: ShadowOutcome;
  /** The post as it would have gone out, or did; as it came where it would not have gone out. */
  readonly content: Buffer;
  /** What Mailman 2 did with it; null until that is known. */
  readonly mailman2: Mailman2Knowledge | null;
}

/** Mailman 2's side of a post, as far as it is known. */
export interface Mailman2Knowledge extends Mailman2Outcome {
  /** Whether the post has gone on its way here because Mailman 2 has accepted it. */
  readonly followed: boolean;
}

export interface ShadowOutcome {
  readonly reasons: readonly string[];
  /** Keys of the addresses it would have gone to. */
  readonly recipients: readonly string[];
  /** Those it did go to: members that were handed over. */
  readonly delivered: readonly string[];
  /** Subjects of the notices that would have been written. */
  readonly notices: readonly string[];
  /** Key of its author's address, '' where it names none. */
  readonly sender: string;
  /** As it came, decoded. */
  readonly subject: string;
  /** Whether each reader gets a copy of their own, with header and footer that are written then. */
  readonly is_personal?: boolean;
  /** What it came with, where it was not accepted: it goes on its way when Mailman 2 accepts it. */
  readonly metadata?: MessageMetadata;
}

interface ShadowRow {
  readonly shadow_id: string;
  readonly list_id: string;
  readonly message_id: string;
  readonly message_key: string;
  readonly stage: AddressStage;
  readonly received_at: UtcTime;
  readonly decision: Decision;
  readonly outcome: string;
  readonly content: Buffer;
  readonly mailman2: string | null;
}

/** @returns its identifier */
export async function insertShadowPost(
  connection: Connection,
  post: Omit<ShadowPost, 'shadowId' | 'mailman2'>,
): Promise<string> {
  const shadowId = newId();
  await connection('shadow_post').insert({
    shadow_id: shadowId,
    list_id: post.listId,
    message_id: cleanText(post.messageId).slice(0, LONGEST_MESSAGE_ID),
    message_key: messageKey(post.messageId),
    stage: post.stage,
    received_at: post.receivedAt,
    decision: post.decision,
    outcome: JSON.stringify(post.outcome),
    content: post.content,
    mailman2: null,
  });
  return shadowId;
}

/** The posts of a list since a moment, oldest first. */
export async function shadowPostsOf(
  connection: Connection,
  listId: string,
  since: UtcTime,
): Promise<ShadowPost[]> {
  const rows = await connection<ShadowRow>('shadow_post')
    .where('list_id', listId)
    .where('received_at', '>=', since)
    .orderBy(['received_at', 'shadow_id']);
  return rows.map(fromRow);
}

/** The posts of a list with this Message-ID, oldest first. */
export async function findShadowPosts(
  connection: Connection,
  listId: string,
  messageId: string,
): Promise<ShadowPost[]> {
  const rows = await connection<ShadowRow>('shadow_post')
    .where({ list_id: listId, message_key: messageKey(messageId) })
    .orderBy(['received_at', 'shadow_id']);
  return rows.map(fromRow);
}

/** Of the newest posts of a list since a moment, without what was in them. @param limit how many at most */
export async function shadowSummaries(
  connection: Connection,
  listId: string,
  since: UtcTime,
  limit: number,
): Promise<Pick<ShadowPost, 'receivedAt' | 'decision' | 'outcome' | 'mailman2'>[]> {
  const rows = await connection<ShadowRow>('shadow_post')
    .where('list_id', listId)
    .where('received_at', '>=', since)
    .orderBy([
      { column: 'received_at', order: 'desc' },
      { column: 'shadow_id', order: 'desc' },
    ])
    .limit(limit)
    .select('received_at', 'decision', 'outcome', 'mailman2');
  return rows.map((row) => ({
    receivedAt: row.received_at,
    decision: row.decision,
    outcome: JSON.parse(row.outcome) as ShadowOutcome,
    mailman2: row.mailman2 === null ? null : (JSON.parse(row.mailman2) as Mailman2Knowledge),
  }));
}

/** The posts of a list that came between two moments, and of which it is not known what Mailman 2 did; oldest first. */
export async function unexplainedShadowPosts(
  connection: Connection,
  listId: string,
  from: UtcTime,
  until: UtcTime,
): Promise<ShadowPost[]> {
  const rows = await connection<ShadowRow>('shadow_post')
    .where('list_id', listId)
    .whereBetween('received_at', [from, until])
    .whereNull('mailman2')
    .orderBy(['received_at', 'shadow_id']);
  return rows.map(fromRow);
}

/** The Message-IDs of posts that came alongside, and were not accepted here. */
export async function notAcceptedHere(connection: Connection, listId: string): Promise<Set<string>> {
  const ids: string[] = await connection<ShadowRow>('shadow_post')
    .where({ list_id: listId, stage: 'alongside' })
    .whereNot('decision', 'accept')
    .pluck('message_id');
  return new Set(ids);
}

/** One of them; undefined where it is gone. */
export async function findShadowPost(
  connection: Connection,
  shadowId: string,
): Promise<ShadowPost | undefined> {
  const row = await connection<ShadowRow>('shadow_post').where('shadow_id', shadowId).first();
  return row && fromRow(row);
}

/** Notes what Mailman 2 did, or whom this server has delivered to since. */
export async function updateShadowPost(
  connection: Connection,
  shadowId: string,
  changes: Partial<Pick<ShadowPost, 'outcome' | 'mailman2' | 'content'>>,
): Promise<void> {
  await connection('shadow_post')
    .where('shadow_id', shadowId)
    .update({
      ...(changes.content ? { content: changes.content } : {}),
      ...(changes.outcome ? { outcome: JSON.stringify(changes.outcome) } : {}),
      ...(changes.mailman2 ? { mailman2: JSON.stringify(changes.mailman2) } : {}),
    });
}

/** Of a list: forgets what was in them. @param before the moment from which on they came stays */
export async function emptyShadowPosts(
  connection: Connection,
  listId: string,
  before: UtcTime,
): Promise<void> {
  await connection('shadow_post')
    .where('list_id', listId)
    .where('received_at', '<', before)
    .update({ content: Buffer.alloc(0) });
}

/** Of a list: forgets those that came before a moment. @param all also those of which Mailman 2's side is not known yet */
export async function deleteShadowPosts(
  connection: Connection,
  listId: string,
  before: UtcTime,
  { all }: { readonly all: boolean },
): Promise<void> {
  const old = connection('shadow_post').where('list_id', listId).where('received_at', '<', before);
  await (all ? old : old.whereNotNull('mailman2')).delete();
}

function fromRow(row: ShadowRow): ShadowPost {
  return {
    shadowId: row.shadow_id,
    listId: row.list_id,
    messageId: row.message_id,
    stage: row.stage,
    receivedAt: row.received_at,
    decision: row.decision,
    outcome: JSON.parse(row.outcome) as ShadowOutcome,
    content: row.content,
    mailman2: row.mailman2 === null ? null : (JSON.parse(row.mailman2) as Mailman2Knowledge),
  };
}
