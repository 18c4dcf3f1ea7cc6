import type { Connection } from '../../database/handle.ts';
import { query } from '../../database/statement.ts';
import { contentsOf, type Dictionaries } from './content.ts';
import { monthOf, monthStart } from './counts.ts';
import { type Big, numberList } from './statements.ts';
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
 */
export async function* mboxOf(
  connection: Connection,
  dictionaries: Dictionaries,
  selection: MboxSelection,
): AsyncGenerator<Buffer> {
  for await (const batch of entriesOf(connection, selection)) {
    const contents = await contentsOf(
      connection,
      dictionaries,
      batch.map(({ id }) => id),
    );
    for (const entry of batch) {
      const content = contents.get(entry.id);
      if (content) yield content.separator.length > 0 ? content.source : asMbox(content, entry);
    }
  }
}

/** Some messages at a time; those that are added or deleted meanwhile do no harm. */
async function* entriesOf(connection: Connection, selection: MboxSelection): AsyncGenerator<Entry[]> {
  let after = { date: Number.MIN_SAFE_INTEGER, id: -1 };
  for (;;) {
    const rows = await query<{ id: number; date: Big; size: number; address: string | null }>(
      connection,
      `SELECT m.id, m.date, m.size, s.address FROM archive_message m
       LEFT JOIN archive_sender s ON s.id = m.sender_id WHERE ${condition(selection, after)} LIMIT ?`,
      [BATCH_MESSAGES],
    );
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
      after = entry;
    }
    if (batch.length > 0) yield batch;
    if (rows.length < BATCH_MESSAGES) return;
  }
}

/** Numbers from the database and from the caller's types: nothing that could be anything else. */
function condition(selection: MboxSelection, after: { readonly date: number; readonly id: number }): string {
  const byDate = `(m.date, m.id) > (${after.date}, ${after.id})`;
  if ('thread' in selection)
    return `m.thread_id IN ${numberList([selection.thread])} AND ${byDate} ORDER BY m.date, m.id`;
  const list = `m.list_id IN ${numberList([selection.list])}`;
  if (!('year' in selection)) return `${list} AND m.id > ${after.id} ORDER BY m.id`;
  const month = selection.year * 12 + selection.month - 1;
  const [start, end] = [monthStart(month), monthStart(month + 1)];
  if (monthOf(start) !== month) return '1 = 0';
  return `${list} AND m.date >= ${start} AND m.date < ${end} AND ${byDate} ORDER BY m.date, m.id`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

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
