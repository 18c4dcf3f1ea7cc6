import type { Connection } from '../../database/handle.ts';
import { query } from '../../database/statement.ts';
import { tidyAfter } from '../../queue/large-messages.ts';
import { contentsOf, type Dictionaries } from './content.ts';
import { monthStart } from './counts.ts';
import { type Big, oneOf } from './statements.ts';
import type { MboxSelection, MessageContent } from './types.ts';

/** Octets of originals that are held at once, and messages. */
const BATCH_OCTETS = 8_000_000;
const BATCH_MESSAGES = 200;

interface Entry {
  readonly id: number;
  readonly date: number;
  readonly size: number;
  readonly address: string;
}

/**
 * An mbox of stored messages in the order in which they came; of a thread or a month, by date. What was imported comes
 * out as it was; a post that came by mail gets a separator, and `>` before lines that look like one, as Mailman 2.1 did.
 * @param isQuoted whether such lines of what was imported get a `>` as well, so that every program tells the messages apart
 */
export async function* mboxOf(
  connection: Connection,
  dictionaries: Dictionaries,
  selection: MboxSelection,
  isQuoted: boolean,
): AsyncGenerator<Buffer> {
  let isAtLineStart = true;
  for await (const batch of entriesOf(connection, selection)) {
    const contents = await contentsOf(
      connection,
      dictionaries,
      batch.map(({ id }) => id),
    );
    for (const entry of batch) {
      const content = contents.get(entry.id);
      if (!content) continue;
      // The file of an import may have ended within a line.
      if (!isAtLineStart) yield Buffer.from('\n\n');
      const piece = content.separator.length > 0 ? asImported(content, isQuoted) : asMbox(content, entry);
      isAtLineStart = piece.at(-1) === 0x0a;
      yield piece;
    }
    contents.clear();
    tidyAfter(octetsOf(batch));
  }
}

function octetsOf(entries: readonly Entry[]): number {
  return entries.reduce((octets, { size }) => octets + size, 0);
}

/** Some messages at a time; those that are added or deleted meanwhile do no harm. */
async function* entriesOf(connection: Connection, selection: MboxSelection): AsyncGenerator<Entry[]> {
  for await (const rows of 'volume' in selection
    ? rowsOfVolume(connection, selection)
    : rowsOf(connection, selection)) {
    let batch: Entry[] = [];
    let octets = 0;
    for (const row of rows) {
      const entry = { id: row.id, date: Number(row.date), size: row.size, address: row.address ?? '' };
      if (batch.length > 0 && octets + entry.size > BATCH_OCTETS) {
        yield batch;
        batch = [];
        octets = 0;
      }
      batch.push(entry);
      octets += entry.size;
    }
    if (batch.length > 0) yield batch;
  }
}

interface Row {
  readonly id: number;
  readonly date: Big;
  readonly size: number;
  readonly address: string | null;
}

const ROWS = `SELECT m.id, m.date, m.size, s.address FROM archive_message m
  LEFT JOIN archive_sender s ON s.id = m.sender_id`;

async function* rowsOf(
  connection: Connection,
  selection: Exclude<MboxSelection, VolumeSelection>,
): AsyncGenerator<Row[]> {
  const { where, values, byDate } = conditionOf(selection);
  const order = byDate ? '(m.date, m.id) > (?, ?) ORDER BY m.date, m.id' : 'm.id > ? ORDER BY m.id';
  let after: readonly number[] = byDate ? [Number.MIN_SAFE_INTEGER, -1] : [-1];
  for (;;) {
    const rows = await query<Row>(connection, `${ROWS} WHERE ${where} AND ${order} LIMIT ?`, [
      ...values,
      ...after,
      BATCH_MESSAGES,
    ]);
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH_MESSAGES) return;
    after = byDate ? [Number(last.date), last.id] : [last.id];
  }
}

type VolumeSelection = Extract<MboxSelection, { volume: string }>;

/** Pipermail's own division tells the volume, because the clock of the old server decided about it. */
async function* rowsOfVolume(
  connection: Connection,
  { list, volume, since, until }: VolumeSelection,
): AsyncGenerator<Row[]> {
  const found = await query<{ id: number }>(
    connection,
    `SELECT message_id AS id FROM archive_old_path WHERE list_id = ? AND path >= ? AND path < ?
     UNION SELECT m.id FROM archive_message m WHERE m.list_id = ? AND m.date >= ? AND m.date < ? AND NOT EXISTS
       (SELECT 1 FROM archive_old_path o WHERE o.message_id = m.id AND o.path LIKE '%/%') ORDER BY id`,
    // The character after the slash ends the range.
    [list, `${volume}/`, `${volume}0`, list, since, until],
  );
  for (let at = 0; at < found.length; at += BATCH_MESSAGES) {
    const ids = found.slice(at, at + BATCH_MESSAGES).map(({ id }) => id);
    const [isOne, wanted] = oneOf(connection, ids);
    yield await query<Row>(connection, `${ROWS} WHERE m.id ${isOne} ORDER BY m.id`, [wanted]);
  }
}

function conditionOf(selection: Exclude<MboxSelection, VolumeSelection>): {
  where: string;
  values: number[];
  byDate: boolean;
} {
  if ('thread' in selection) return { where: 'm.thread_id = ?', values: [selection.thread], byDate: true };
  if (!('year' in selection)) return { where: 'm.list_id = ?', values: [selection.list], byDate: false };
  const month = selection.year * 12 + selection.month - 1;
  const period = [monthStart(month), monthStart(month + 1)];
  return {
    where: 'm.list_id = ? AND m.date >= ? AND m.date < ?',
    values: [selection.list, ...period],
    byDate: true,
  };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function asImported({ source, separator }: MessageContent, isQuoted: boolean): Buffer {
  if (!isQuoted) return source;
  const message = source.subarray(separator.length);
  const quoted = escapeSeparators(message);
  return quoted === message ? source : Buffer.concat([separator, quoted]);
}

function asMbox({ message }: MessageContent, { date, address }: Entry): Buffer {
  const sender = /^[\x21-\x7e]+$/.test(address) ? address : 'MAILER-DAEMON';
  const separator = Buffer.from(`From ${sender} ${asctime(date)}\n`, 'latin1');
  const end = message.at(-1) === 0x0a ? '\n' : '\n\n';
  return Buffer.concat([separator, escapeSeparators(message), Buffer.from(end)]);
}

/** As C's asctime writes it, in UTC. */
function asctime(date: number): string {
  const day = new Date(date);
  const [, time = ''] = day.toISOString().split(/[T.]/);
  const number = String(day.getUTCDate()).padStart(2);
  return `${WEEKDAYS[day.getUTCDay()]} ${MONTHS[day.getUTCMonth()]} ${number} ${time} ${day.getUTCFullYear()}`;
}

function escapeSeparators(message: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let written = 0;
  for (let at = message.indexOf('From '); at >= 0; at = message.indexOf('From ', at + 5)) {
    if (at > 0 && message[at - 1] !== 0x0a) continue;
    pieces.push(message.subarray(written, at), Buffer.from('>'));
    written = at;
  }
  return pieces.length === 0 ? message : Buffer.concat([...pieces, message.subarray(written)]);
}
