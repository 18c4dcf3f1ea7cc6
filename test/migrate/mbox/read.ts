import { type MboxEntry, type MboxOptions, readMbox } from '../../../migrate/mbox/reader.ts';

/** The entries of an mbox that arrives in pieces of this length. */
export async function entriesOf(
  mbox: string | Buffer,
  piece = 65_536,
  options: MboxOptions = {},
): Promise<MboxEntry[]> {
  const bytes = Buffer.isBuffer(mbox) ? mbox : Buffer.from(mbox, 'latin1');
  const entries: MboxEntry[] = [];
  for await (const entry of readMbox(pieces(bytes, piece), options)) entries.push(entry);
  return entries;
}

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** The messages alone, as latin1. */
export async function messagesOf(mbox: string | Buffer, piece?: number): Promise<string[]> {
  const entries = await entriesOf(mbox, piece);
  return entries.filter(({ isMessage }) => isMessage).map(({ message }) => message.toString('latin1'));
}
