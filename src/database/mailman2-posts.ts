import { cleanText } from '../model/text.ts';
import type { UtcTime } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import type { Connection } from './handle.ts';
import { LONGEST_MESSAGE_ID, messageKey } from './message-key.ts';
import { type Flag, flag, selectIn } from './rows.ts';

/** What Mailman 2 did with a post, as its logs tell. Times are seconds since 1970. */
export interface Mailman2Outcome {
  /** What it decided first; null where only later traces are known. */
  readonly decision: 'accept' | 'hold' | 'reject' | 'discard' | null;
  readonly decided_at: number | null;
  /** Why it was held. */
  readonly reason: string;
  /** The handler that ended its way, such as `MimeDel`. */
  readonly handler: string;
  /** What a moderator has decided about it since. */
  readonly moderator: 'approved' | 'refused' | 'discarded' | null;
  readonly moderated_at: number | null;
  /** Lower case, '' where it is not known. */
  readonly sender: string;
  /** When it was sent to members. */
  readonly sent_at: number | null;
  /** To how many; of the first attempt. */
  readonly recipients: number | null;
  /** How many of them were refused at that. */
  readonly failures: number;
  readonly refused: readonly { readonly address: string; readonly code: number }[];
}

/** A post in Mailman 2's logs. */
export interface Mailman2Post {
  readonly postId: string;
  readonly listId: string;
  /** As the logs have it: `n/a` for one without. */
  readonly messageId: string;
  readonly changedAt: UtcTime;
  readonly outcome: Mailman2Outcome;
  /** As a member got it; null where no listening address is one. */
  readonly copy: Buffer | null;
}

interface PostRow {
  readonly post_id: string;
  readonly list_id: string;
  readonly message_key: string;
  readonly message_id: string;
  readonly changed_at: UtcTime;
  readonly settled: Flag;
  readonly waiting: Flag;
  readonly outcome: string;
  readonly copy: Buffer | null;
}

/** Nothing is known. */
export const UNKNOWN: Mailman2Outcome = {
  decision: null,
  decided_at: null,
  reason: '',
  handler: '',
  moderator: null,
  moderated_at: null,
  sender: '',
  sent_at: null,
  recipients: null,
  failures: 0,
  refused: [],
};

/** Of a list, by what `messageKey` makes of these names of posts. */
export async function findMailman2Posts(
  connection: Connection,
  listId: string,
  names: readonly string[],
): Promise<Map<string, Mailman2Post>> {
  const rows = await selectIn<PostRow>(names.map(messageKey), (batch) =>
    connection<PostRow>('mailman2_post').where('list_id', listId).whereIn('message_key', batch),
  );
  return new Map(rows.map((row) => [row.message_key, fromRow(row)]));
}

/**
 * Notes what is known about a post; what was known before is replaced. The post that came here is not told of it yet.
 * @param name what the post is found by, where that is not its Message-ID
 */
export async function putMailman2Post(
  connection: Connection,
  post: Pick<Mailman2Post, 'listId' | 'messageId' | 'changedAt' | 'outcome'>,
  name = post.messageId,
): Promise<void> {
  const { outcome } = post;
  const isWaiting = outcome.decision === 'hold' && outcome.moderator === null && outcome.sent_at === null;
  const values = {
    changed_at: post.changedAt,
    settled: flag(false),
    waiting: flag(isWaiting),
    outcome: JSON.stringify(outcome),
  };
  const key = { list_id: post.listId, message_key: messageKey(name) };
  const message_id = cleanText(post.messageId).slice(0, LONGEST_MESSAGE_ID);
  await connection('mailman2_post')
    .insert({ post_id: newId(), ...key, message_id, ...values, copy: null })
    .onConflict(['list_id', 'message_key'])
    .merge(values);
}

/** Keeps the copy that a member got; nothing else need be known of the post. */
export async function putMailman2Copy(
  connection: Connection,
  post: Pick<Mailman2Post, 'listId' | 'messageId' | 'changedAt'>,
  copy: Buffer,
): Promise<void> {
  const key = { list_id: post.listId, message_key: messageKey(post.messageId) };
  const fresh = {
    post_id: newId(),
    message_id: cleanText(post.messageId).slice(0, LONGEST_MESSAGE_ID),
    changed_at: post.changedAt,
    settled: flag(false),
    waiting: flag(false),
    outcome: JSON.stringify(UNKNOWN),
  };
  await connection('mailman2_post')
    .insert({ ...key, ...fresh, copy })
    .onConflict(['list_id', 'message_key'])
    .merge({ copy });
}

/** Those that Mailman 2 holds of a list, oldest first. */
export async function waitingMailman2Posts(connection: Connection, listId: string): Promise<Mailman2Post[]> {
  const rows = await connection<PostRow>('mailman2_post')
    .where({ list_id: listId, waiting: flag(true) })
    .orderBy('post_id');
  return rows.map(fromRow);
}

/** Of which the posts that came here are not told yet; oldest first. @param since of what was noted before, nothing is hoped for any more */
export async function unsettledMailman2Posts(
  connection: Connection,
  since: UtcTime,
): Promise<Mailman2Post[]> {
  const rows = await connection<PostRow>('mailman2_post')
    .where('settled', flag(false))
    .where('changed_at', '>=', since)
    .orderBy(['changed_at', 'post_id']);
  return rows.map(fromRow);
}

/** @returns whether it was unsettled until now; within a transaction, nobody else can settle it */
export async function claimUnsettled(connection: Connection, postId: string): Promise<boolean> {
  const claimed = await connection('mailman2_post')
    .where({ post_id: postId, settled: flag(false) })
    .update({ settled: flag(true) });
  return claimed > 0;
}

/** What is known of a list's posts since a moment, oldest first. */
export async function mailman2PostsOf(
  connection: Connection,
  listId: string,
  since: UtcTime,
): Promise<Mailman2Post[]> {
  const rows = await connection<PostRow>('mailman2_post')
    .where('list_id', listId)
    .where('changed_at', '>=', since)
    .orderBy(['changed_at', 'post_id']);
  return rows.map(fromRow);
}

/** Of a list: forgets what members got. @param before the moment from which on they were noted stays */
export async function emptyMailman2Posts(
  connection: Connection,
  listId: string,
  before: UtcTime,
): Promise<void> {
  await connection('mailman2_post')
    .where('list_id', listId)
    .where('changed_at', '<', before)
    .update({ copy: null });
}

/** Of a list: forgets those that were noted before a moment. @param all also those that Mailman 2 holds */
export async function deleteMailman2Posts(
  connection: Connection,
  listId: string,
  before: UtcTime,
  { all }: { readonly all: boolean },
): Promise<void> {
  const old = connection('mailman2_post').where('list_id', listId).where('changed_at', '<', before);
  await (all ? old : old.where('waiting', flag(false))).delete();
}

function fromRow(row: PostRow): Mailman2Post {
  return {
    postId: row.post_id,
    listId: row.list_id,
    messageId: row.message_id,
    changedAt: row.changed_at,
    outcome: JSON.parse(row.outcome) as Mailman2Outcome,
    copy: row.copy,
  };
}
