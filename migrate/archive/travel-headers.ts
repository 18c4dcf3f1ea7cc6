import type { NumberedMessage } from '../pipermail/numbering.ts';

/** How much of a header pipermail's dates are looked for in. */
const LONGEST_HEADER = 256 * 1024;

const FIELD = /^([!-9;-~]+)[ \t]*:/;

/** What pipermail goes by, and the Message-ID: the first field of each name, with its folding, as latin1. */
export interface TravelHeaders extends NumberedMessage {
  readonly messageId: string | undefined;
}

/**
 * Reads the header as Mailman does: up to the first line that is neither a field nor the continuation of one.
 * @param separator the line before the message
 * @param message header and body
 */
export function readTravelHeaders(separator: Buffer, message: Buffer): TravelHeaders {
  const fields = new Map<string, string>();
  const text = message.toString('latin1', 0, headerLength(message));
  let current: string | undefined;
  for (const line of text.split('\n')) {
    if (/^[ \t]/.test(line)) {
      if (current !== undefined) fields.set(current, `${fields.get(current) ?? ''}\n${line}`);
      continue;
    }
    const match = FIELD.exec(line);
    if (!match) {
      if (fields.size === 0 && line.startsWith('>From ')) continue;
      break;
    }
    const name = (match[1] ?? '').toLowerCase();
    // Only the first of each name counts; what continues a later one is nobody's.
    current = WANTED.has(name) && !fields.has(name) ? name : undefined;
    if (current !== undefined) fields.set(current, line.slice(match[0].length));
  }
  return {
    date: fields.get('date'),
    listReceivedDate: fields.get('x-list-received-date'),
    received: fields.get('received'),
    messageId: fields.get('message-id'),
    separator: separator.toString('latin1').trimEnd(),
  };
}

const WANTED: ReadonlySet<string> = new Set(['date', 'x-list-received-date', 'received', 'message-id']);

function headerLength(message: Buffer): number {
  const ends = [message.indexOf('\n\n'), message.indexOf('\n\r\n')].filter((end) => end >= 0);
  return Math.min(LONGEST_HEADER, message.length, ...ends);
}
