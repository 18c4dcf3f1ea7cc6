import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { selectIn } from './rows.ts';
import { execute, query } from './statement.ts';

/** A database server takes statements up to a limit (MariaDB: 16 MB as installed, and bytes count double in them). */
const PIECE_LENGTH = 4 * 1024 * 1024;

/** Which digest of a list. */
export interface DigestIssue {
  readonly volume: number;
  readonly number: number;
}

/** A post to be kept for a digest. */
export interface DigestMessage {
  /** Identifiers sort in the order in which the posts came. */
  readonly digestMessageId: string;
  readonly listId: string;
  readonly content: Buffer;
  readonly collectedAt: UtcTime;
}

/** A post that waits for the next digest. */
export interface CollectedPost {
  readonly digestMessageId: string;
  /** Octets. */
  readonly size: number;
}

interface PostRow {
  readonly digest_message_id: string;
  readonly size: number;
}

interface ContentRow {
  readonly digest_message_id: string;
  readonly content: Buffer;
}

/** Adds a post to the next digest of a list. */
export async function insertDigestMessage(connection: Connection, message: DigestMessage): Promise<void> {
  const { digestMessageId, listId, content, collectedAt } = message;
  await execute(
    connection,
    'INSERT INTO digest_message (digest_message_id, list_id, size, collected_at, content) VALUES (?, ?, ?, ?, ?)',
    [digestMessageId, listId, content.length, collectedAt, content.subarray(0, PIECE_LENGTH)],
  );
  for (let position = 1; position * PIECE_LENGTH < content.length; position += 1) {
    const piece = content.subarray(position * PIECE_LENGTH, (position + 1) * PIECE_LENGTH);
    await execute(
      connection,
      'INSERT INTO digest_message_piece (digest_message_id, position, content) VALUES (?, ?, ?)',
      [digestMessageId, position, piece],
    );
  }
}

/** How many octets wait for the next digest of a list. */
export async function collectedSize(connection: Connection, listId: string): Promise<number> {
  const [row] = await query<{ total: number | string | null }>(
    connection,
    'SELECT SUM(size) AS total FROM digest_message WHERE list_id = ? AND volume IS NULL',
    [listId],
  );
  return Number(row?.total ?? 0);
}

/** The posts that wait for the next digest of a list, in the order in which they came. */
export async function collectedPosts(connection: Connection, listId: string): Promise<CollectedPost[]> {
  const rows: PostRow[] = await connection('digest_message')
    .where('list_id', listId)
    .whereNull('volume')
    .orderBy('digest_message_id')
    .select('digest_message_id', 'size');
  return rows.map((row) => ({ digestMessageId: row.digest_message_id, size: row.size }));
}

/** The lists that have posts waiting for their next digest; @param before only such as have one from before this moment */
export async function listsWithCollectedPosts(connection: Connection, before?: UtcTime): Promise<string[]> {
  const query = connection('digest_message').whereNull('volume').distinct().orderBy('list_id');
  if (before !== undefined) query.where('collected_at', '<=', before);
  return query.pluck<string[]>('list_id');
}

/** Has posts go out with a digest; later ones wait for the next. */
export async function assignToDigest(
  connection: Connection,
  posts: readonly CollectedPost[],
  { volume, number }: DigestIssue,
): Promise<void> {
  await selectIn(idsOf(posts), async (batch) => {
    await connection('digest_message').whereIn('digest_message_id', batch).update({ volume, number });
    return [];
  });
}

/** Forgets posts that nobody gets by digest. */
export async function deleteCollectedPosts(
  connection: Connection,
  posts: readonly CollectedPost[],
): Promise<void> {
  await selectIn(idsOf(posts), async (batch) => {
    await connection('digest_message').whereIn('digest_message_id', batch).delete();
    return [];
  });
}

/** The posts of a digest, in the order in which they came. */
export async function postsOfDigest(
  connection: Connection,
  listId: string,
  { volume, number }: DigestIssue,
): Promise<Buffer[]> {
  return contentsOf(connection, { list_id: listId, volume, number });
}

/** The posts that wait for the next digest of a list, with what is in them. */
export async function waitingPosts(connection: Connection, listId: string): Promise<Buffer[]> {
  return contentsOf(connection, { list_id: listId, volume: null });
}

/** The same with the moments at which they came. */
export async function collectedMessages(
  connection: Connection,
  listId: string,
): Promise<Pick<DigestMessage, 'content' | 'collectedAt'>[]> {
  const contents = await waitingPosts(connection, listId);
  const times: UtcTime[] = await connection('digest_message')
    .where('list_id', listId)
    .whereNull('volume')
    .orderBy('digest_message_id')
    .pluck('collected_at');
  return times.map((collectedAt, index) => ({ collectedAt, content: contents[index] ?? Buffer.alloc(0) }));
}

async function contentsOf(
  connection: Connection,
  issue: Readonly<Record<string, string | number | null>>,
): Promise<Buffer[]> {
  const wanted = Object.fromEntries(
    Object.entries(issue).map(([column, value]) => [`digest_message.${column}`, value]),
  );
  const rows: ContentRow[] = await connection('digest_message')
    .where(wanted)
    .orderBy('digest_message_id')
    .select('digest_message_id', 'content');
  const further: ContentRow[] = await connection('digest_message_piece as piece')
    .join('digest_message', 'digest_message.digest_message_id', 'piece.digest_message_id')
    .where(wanted)
    .orderBy(['piece.digest_message_id', 'piece.position'])
    .select('piece.digest_message_id', 'piece.content');
  const pieces = Map.groupBy(further, (row) => row.digest_message_id);
  return rows.map(({ digest_message_id, content }) => {
    const rest = pieces.get(digest_message_id);
    return rest ? Buffer.concat([content, ...rest.map((piece) => piece.content)]) : content;
  });
}

/** Forgets the posts of a digest that was sent. */
export async function deletePostsOfDigest(
  connection: Connection,
  listId: string,
  { volume, number }: DigestIssue,
): Promise<void> {
  await connection('digest_message').where({ list_id: listId, volume, number }).delete();
}

function idsOf(posts: readonly CollectedPost[]): string[] {
  return posts.map(({ digestMessageId }) => digestMessageId);
}
