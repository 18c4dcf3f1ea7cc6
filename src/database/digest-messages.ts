import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { batches } from './rows.ts';

/** A database server takes statements up to a limit (MariaDB: 16 MB as installed, and bytes count double in them). */
const PIECE_LENGTH = 4 * 1024 * 1024;

/** Identifiers per IN list. */
const ID_BATCH = 1000;

/** Which digest of a list. */
export interface DigestIssue {
  readonly volume: number;
  readonly number: number;
}

/** A post that waits for the next digest. */
export interface CollectedPost {
  readonly digestMessageId: number;
  /** Octets. */
  readonly size: number;
}

interface PostRow {
  readonly digest_message_id: number;
  readonly size: number;
}

interface PieceRow {
  readonly digest_message_id: number;
  readonly content: Buffer;
}

/** Adds a post to the next digest of a list. */
export async function insertDigestMessage(
  connection: Connection,
  { listId, content, collectedAt }: { listId: string; content: Uint8Array; collectedAt: UtcTime },
): Promise<void> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const insert = connection('digest_message').insert({
    list_id: listId,
    volume: null,
    number: null,
    size: bytes.length,
    collected_at: collectedAt,
  });
  const returned: unknown =
    connection.client.dialect === 'postgresql' ? await insert.returning('digest_message_id') : await insert;
  const [first] = returned as readonly (number | PostRow)[];
  const digestMessageId = typeof first === 'object' ? first.digest_message_id : first;
  for (let position = 0; position * PIECE_LENGTH < bytes.length; position += 1) {
    await connection('digest_message_piece').insert({
      digest_message_id: digestMessageId,
      position,
      content: bytes.subarray(position * PIECE_LENGTH, (position + 1) * PIECE_LENGTH),
    });
  }
}

/** How many octets wait for the next digest of a list. */
export async function collectedSize(connection: Connection, listId: string): Promise<number> {
  const row = await connection('digest_message')
    .where('list_id', listId)
    .whereNull('volume')
    .sum({ total: 'size' })
    .first<{ total: number | string | null }>();
  return Number(row.total ?? 0);
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

/** The List-Ids of the lists for whose next digest there are posts, sorted. */
export async function listsWithCollectedPosts(connection: Connection): Promise<string[]> {
  return connection('digest_message')
    .whereNull('volume')
    .distinct()
    .orderBy('list_id')
    .pluck<string[]>('list_id');
}

/** Has posts go out with a digest; later ones wait for the next. */
export async function assignToDigest(
  connection: Connection,
  posts: readonly CollectedPost[],
  { volume, number }: DigestIssue,
): Promise<void> {
  for (const ids of idBatches(posts))
    await connection('digest_message').whereIn('digest_message_id', ids).update({ volume, number });
}

/** Forgets posts that nobody gets by digest. */
export async function deleteCollectedPosts(
  connection: Connection,
  posts: readonly CollectedPost[],
): Promise<void> {
  for (const ids of idBatches(posts))
    await connection('digest_message').whereIn('digest_message_id', ids).delete();
}

/** The posts of a digest, in the order in which they came. */
export async function postsOfDigest(
  connection: Connection,
  listId: string,
  { volume, number }: DigestIssue,
): Promise<Buffer[]> {
  const rows: PieceRow[] = await connection('digest_message')
    .join(
      'digest_message_piece',
      'digest_message_piece.digest_message_id',
      'digest_message.digest_message_id',
    )
    .where({ list_id: listId, volume, number })
    .orderBy(['digest_message.digest_message_id', 'digest_message_piece.position'])
    .select('digest_message.digest_message_id', 'digest_message_piece.content');
  const posts = Map.groupBy(rows, (row) => row.digest_message_id);
  return [...posts.values()].map((pieces) => {
    const [only] = pieces;
    return only && pieces.length === 1 ? only.content : Buffer.concat(pieces.map(({ content }) => content));
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

function* idBatches(posts: readonly CollectedPost[]): Generator<number[]> {
  for (const batch of batches(posts, ID_BATCH)) yield batch.map(({ digestMessageId }) => digestMessageId);
}
