import type { Connection } from '../../database/handle.ts';
import { query } from '../../database/statement.ts';
import { messagesByIds, selectMessages } from './message-rows.ts';
import { cursorNumbers, pageLimit, pageOf } from './pages.ts';
import type { Big } from './statements.ts';
import { oneOf } from './statements.ts';
import { Linking } from './subject-links.ts';
import { type TreePlace, treeOrder } from './tree.ts';
import type {
  ArchivedAttachment,
  ArchivedMessage,
  Neighbours,
  Page,
  PageRequest,
  ThreadMessage,
} from './types.ts';

const MAX_COPIES = 100;
/** A thread that is longer is told apart only so far; the rest follows by date. */
const MAX_TREE = 20_000;
const BEYOND = Number.MAX_SAFE_INTEGER;

/** A message by the archive's key. */
export async function messageById(connection: Connection, id: number): Promise<ArchivedMessage | undefined> {
  const [message] = await selectMessages(connection, 'WHERE m.id = ?', [id]);
  return message;
}

/** Messages with this Message-ID-Hash, from the given copy on, in the order in which they came. */
export async function messagesByHash(
  connection: Connection,
  list: number,
  hash: string,
  from = 0,
  limit = MAX_COPIES,
): Promise<ArchivedMessage[]> {
  const name = hash.slice(0, 100);
  const messages = await selectMessages(
    connection,
    'WHERE m.list_id = ? AND m.hash = ? AND m.copy >= ? ORDER BY m.copy LIMIT ?',
    [list, name, from, limit],
  );
  if (messages.length > 0 || from > 0) return messages;
  return selectMessages(
    connection,
    'JOIN archive_alias a ON a.message_id = m.id WHERE a.list_id = ? AND a.hash = ?',
    [list, name],
  );
}

/** A message by the number that pipermail would give it. */
export async function messageByNumber(
  connection: Connection,
  list: number,
  number: number,
): Promise<ArchivedMessage | undefined> {
  if (!Number.isInteger(number) || number < 0 || number > 0x7fffffff) return undefined;
  const [message] = await selectMessages(
    connection,
    'WHERE m.list_id = ? AND m.number = ? ORDER BY m.id LIMIT 1',
    [list, number],
  );
  return message;
}

/** A message by its page below /pipermail/LIST/. */
export async function messageByOldPath(
  connection: Connection,
  list: number,
  path: string,
): Promise<ArchivedMessage | undefined> {
  const [message] = await selectMessages(
    connection,
    'JOIN archive_old_path o ON o.message_id = m.id WHERE o.list_id = ? AND o.path = ?',
    [list, path],
  );
  return message;
}

/** The messages of the list before and after it, by date. */
export async function messageNeighbours(
  connection: Connection,
  { list, date, id }: ArchivedMessage,
): Promise<Neighbours<ArchivedMessage>> {
  const [previous] = await selectMessages(
    connection,
    'WHERE m.list_id = ? AND (m.date, m.id) < (?, ?) ORDER BY m.date DESC, m.id DESC LIMIT 1',
    [list, date, id],
  );
  const [next] = await selectMessages(
    connection,
    'WHERE m.list_id = ? AND (m.date, m.id) > (?, ?) ORDER BY m.date, m.id LIMIT 1',
    [list, date, id],
  );
  return { previous, next };
}

/** Which messages are wanted, newest first. */
export interface MessageSelection {
  readonly lists: readonly number[];
  readonly sender?: number;
  readonly since?: number;
  readonly until?: number;
}

/** Each list is asked for itself, so that its index gives the newest at once, however many lists there are. */
export async function selectNewest(
  connection: Connection,
  { lists, sender, since = -BEYOND, until = BEYOND }: MessageSelection,
  page: PageRequest,
): Promise<Page<ArchivedMessage>> {
  const limit = pageLimit(page);
  const [date = BEYOND, id = 0] = cursorNumbers(page.after, 2) ?? [];
  const found: { id: number; date: Big }[] = [];
  const bySender = sender === undefined ? '' : 'sender_id = ? AND';
  for (const list of new Set(lists)) {
    const rows = await query<{ id: number; date: Big }>(
      connection,
      `SELECT id, date FROM archive_message WHERE ${bySender} list_id = ? AND date >= ? AND date < ?
       AND (date, id) < (?, ?) ORDER BY date DESC, id DESC LIMIT ?`,
      [...(sender === undefined ? [] : [sender]), list, since, until, date, id, limit + 1],
    );
    found.push(...rows);
  }
  const newest = found.sort((a, b) => Number(b.date) - Number(a.date) || b.id - a.id).slice(0, limit + 1);
  const messages = await messagesByIds(
    connection,
    newest.map((row) => row.id),
  );
  return pageOf(messages, limit, (message) => [message.date, message.id]);
}

interface TreeRow {
  readonly id: number;
  readonly hash: string;
  readonly copy: number;
  readonly date: Big;
  readonly linking: Linking;
  readonly reference_hashes: string;
}

/** Where the messages of a thread stand in it, from top to bottom. */
async function threadPlaces(connection: Connection, thread: number): Promise<TreePlace[]> {
  const rows = await query<TreeRow>(
    connection,
    `SELECT id, hash, copy, date, linking, reference_hashes FROM archive_message WHERE thread_id = ?
     ORDER BY date, id LIMIT ?`,
    [thread, MAX_TREE],
  );
  return treeOrder(
    rows.map((row) => ({
      id: row.id,
      hash: row.hash,
      copy: row.copy,
      date: Number(row.date),
      references: row.reference_hashes === '' ? [] : row.reference_hashes.split(' '),
      answersSubject: row.linking === Linking.asAnswer,
    })),
  );
}

/** A page of a thread's messages as a tree, from top to bottom. */
export async function threadMessages(
  connection: Connection,
  thread: number,
  page: PageRequest,
): Promise<Page<ThreadMessage>> {
  const limit = pageLimit(page);
  const [offset = 0] = cursorNumbers(page.after, 1) ?? [];
  const places = await threadPlaces(connection, thread);
  const wanted = places.slice(Math.max(0, offset), Math.max(0, offset) + limit);
  const messages = await messagesByIds(
    connection,
    wanted.map(({ id }) => id),
  );
  const byId = new Map(wanted.map((place) => [place.id, place]));
  const items = messages.map((message) => withPlace(message, byId.get(message.id)));
  const next = offset + limit;
  return { items, next: next < places.length ? String(next) : undefined };
}

/** A message with its place in its thread: parent and depth. */
export async function messagePlace(connection: Connection, message: ArchivedMessage): Promise<ThreadMessage> {
  const places = await threadPlaces(connection, message.thread);
  return withPlace(
    message,
    places.find(({ id }) => id === message.id),
  );
}

function withPlace(message: ArchivedMessage, place: TreePlace | undefined): ThreadMessage {
  return { ...message, parent: place?.parent, depth: place?.depth ?? 0 };
}

/** Attachments of several messages, by the keys of those that have some. */
export async function attachmentsOf(
  connection: Connection,
  messages: readonly number[],
): Promise<Map<number, ArchivedAttachment[]>> {
  const [isOne, wanted] = oneOf(connection, messages);
  const rows = await query<ArchivedAttachment & { readonly message_id: number }>(
    connection,
    `SELECT message_id, part, name, type, size FROM archive_attachment WHERE message_id ${isOne}
     ORDER BY message_id, part`,
    [wanted],
  );
  const found = new Map<number, ArchivedAttachment[]>();
  for (const { message_id: message, part, name, type, size } of rows) {
    const others = found.get(message) ?? [];
    others.push({ part, name, type, size });
    found.set(message, others);
  }
  return found;
}
