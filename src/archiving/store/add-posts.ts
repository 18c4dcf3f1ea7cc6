import type { Database } from '../../database/handle.ts';
import { addMessages } from './add.ts';
import { dictionaryOf } from './dictionary.ts';
import type { ArrivingPost, Dictionary, PreparedMessage } from './incoming.ts';
import { prepareMessage } from './prepare.ts';
import { selectList } from './read-lists.ts';
import { openList } from './write-lists.ts';

/** Adds posts that arrive to a list, in one transaction, which costs little more than adding one. */
export async function addPosts(
  database: Database,
  listId: string,
  posts: readonly ArrivingPost[],
): Promise<void> {
  const list =
    (await selectList(database.connection, listId)) ??
    (await database.transaction((connection) => openList(connection, listId)));
  const dictionary = await dictionaryOf(database.connection, list.id);
  const prepared = posts.map((post) => prepare(post, dictionary));
  await database.transaction((connection) => addMessages(connection, list.id, prepared));
}

function prepare(
  { bytes, receivedAt, traits, alias }: ArrivingPost,
  dictionary: Dictionary | undefined,
): PreparedMessage {
  const source = {
    // What a thread was given is no Buffer any more.
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    separator: 0,
    tail: 0,
    otherDate: { date: Math.round(receivedAt), source: 'received' } as const,
    ...(alias === undefined ? {} : { alias }),
  };
  return prepareMessage(source, traits, dictionary, receivedAt);
}
