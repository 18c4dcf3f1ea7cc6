import { epochOfFromDate, isPlausibleSender, parseFromLine } from './from-line.ts';

/**
 * Tells a line that begins a message apart from a sentence that begins with `From `, which mail programs should have
 * written as `>From `. Mailman's `cleanarch` asks for sender and date of a certain form and a header after them. Here
 * the header that follows is read as well, and quoted separators are found by it and by their date:
 *
 * - a complete date, then a header with a field that mail carries on its way (Date, To, Received, …): a message;
 * - a complete date, then a header without any of these (somebody quotes a mail): a message only if the mbox knows
 *   no better ones so far, or if the date is near that of the message before;
 * - no complete date (of another language, or cut): a message only after a blank line, with an address, and if the
 *   header has two such fields;
 * - no header after it: not a message, unless the file begins with it and it has a complete date.
 */
export interface Candidate {
  /** The bytes from `From ` on, as far as they are at hand: at least `LOOKAHEAD`, or up to the end of the file. */
  readonly bytes: Buffer;
  /** Whether a blank line or nothing stands before it. */
  readonly isAfterBlank: boolean;
  /** Whether the file begins with it. */
  readonly isFirst?: boolean;
}

/** What is known of the mbox so far. */
export interface Surroundings {
  /** When the message before was delivered, in seconds since 1970. Undefined where nothing says so. */
  readonly deliveredBefore: number | undefined;
  /** Whether a message before carried such a field. */
  readonly knowsBetter: boolean;
}

/** What was found out about a line that begins a message. */
export interface Separator {
  /** Bytes of the line with its end. */
  readonly length: number;
  readonly deliveredAt: number | undefined;
  readonly isCertain: boolean;
}

/** How far to look into the header that follows, in bytes. */
export const LOOKAHEAD = 16_384;

const DAY = 86_400;

/** How far the date of a message may lie from the one before it where nothing else speaks for it, in seconds. */
const LATER = 31 * DAY;
const EARLIER = 7 * DAY;

/** Fields that mail on its way carries, and people who quote a mail leave out. */
const TRAVEL_FIELDS: ReadonlySet<string> = new Set([
  ...['bcc', 'cc', 'content-type', 'date', 'delivered-to', 'envelope-to', 'in-reply-to', 'lines', 'list-id'],
  ...['list-post', 'message-id', 'mime-version', 'newsgroups', 'path', 'received', 'references', 'reply-to'],
  ...['resent-date', 'resent-from', 'resent-message-id', 'return-path', 'sender', 'status', 'to', 'x-mailer'],
  ...['x-beenthere', 'x-list-received-date', 'x-mailman-version', 'x-original-date', 'x-original-to'],
]);

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
const LAST_PRINTABLE = 0x7e;

/** No real field name is longer. */
const LONGEST_NAME = 200;

/** What the line at this place is, undefined where it is part of a text. */
export function separatorAt(candidate: Candidate, surroundings: Surroundings): Separator | undefined {
  const { bytes, isAfterBlank, isFirst = false } = candidate;
  const end = bytes.indexOf(LF);
  if (end < 0) return undefined;
  const line = bytes.toString('latin1', 0, end).trimEnd();
  const { sender, date } = parseFromLine(line);
  const fields = readFieldNames(bytes.subarray(end + 1));
  if (fields.names.length === 0 && !isFirst) return undefined;
  const travelled = fields.isCut ? 2 : fields.names.filter((name) => TRAVEL_FIELDS.has(name)).length;
  const deliveredAt = date && epochOfFromDate(date);
  const found = { length: end + 1, deliveredAt };
  if (date && isPlausibleSender(sender)) {
    if (travelled > 0) return { ...found, isCertain: true };
    const isMessage = !surroundings.knowsBetter || isNear(surroundings.deliveredBefore, deliveredAt);
    return isMessage ? { ...found, isCertain: false } : undefined;
  }
  const isMessage = isAfterBlank && travelled > 1 && isAddressLike(sender) && hasOnlySender(line, sender);
  return isMessage ? { ...found, isCertain: true } : undefined;
}

function isNear(before: number | undefined, now: number | undefined): boolean {
  return before === undefined || now === undefined || (now >= before - EARLIER && now <= before + LATER);
}

function isAddressLike(sender: string): boolean {
  return sender === '-' || sender === 'MAILER-DAEMON' || /^[^@\s]{1,256}@[^@\s]{1,256}$/.test(sender);
}

/** After the sender there is something with a clock or a year in it, or nothing. */
function hasOnlySender(line: string, sender: string): boolean {
  const rest = line.slice(line.indexOf(sender) + sender.length);
  return rest.trim() === '' || /\d:\d\d/.test(rest) || /\b(?:19|20)\d\d\b/.test(rest);
}

/**
 * The names of the fields of the header that begins here, in lower case; none where the first line is no field.
 * `isCut` where the header is longer than what is at hand.
 */
function readFieldNames(bytes: Buffer): { names: readonly string[]; isCut: boolean } {
  const names: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const isContinuation = (first === SPACE || first === TAB) && names.length > 0;
    const isQuotedSeparator = bytes.toString('latin1', at, at + 6) === '>From ';
    if (!isContinuation && !isQuotedSeparator) {
      const name = fieldNameAt(bytes, at);
      if (name === undefined) return { names, isCut: false };
      names.push(name);
    }
    const end = bytes.indexOf(LF, at);
    if (end < 0) return { names, isCut: bytes.length >= LOOKAHEAD / 2 && names.length > 0 };
    at = end + 1;
  }
  return { names, isCut: bytes.length >= LOOKAHEAD / 2 && names.length > 0 };
}

function fieldNameAt(bytes: Buffer, start: number): string | undefined {
  for (let at = start; at < bytes.length && at < start + LONGEST_NAME; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) return at > start ? bytes.toString('latin1', start, at).toLowerCase() : undefined;
    if (byte <= SPACE || byte > LAST_PRINTABLE || byte === CR) return undefined;
  }
  return undefined;
}

/** Whether bytes that no separator precedes are a message all the same: they begin with a header that has travelled. */
export function beginsWithHeader(bytes: Buffer): boolean {
  const { names, isCut } = readFieldNames(bytes.subarray(0, LOOKAHEAD));
  return isCut || names.some((name) => TRAVEL_FIELDS.has(name));
}
