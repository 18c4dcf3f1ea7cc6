/**
 * What an mbox has around a message that never was in one: the line before it, quoting, the blank line after it.
 * Messages that came from an mbox need none of it, they keep their own.
 */

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const LF = 0x0a;
const CR = 0x0d;
const NEEDLE = Buffer.from('\nFrom ');

/**
 * The line that begins a message, with its end: `From ant@example.com Tue Mar  4 10:11:12 2003`, in UTC.
 * @param sender the address that it came from; white space is taken out, and `MAILER-DAEMON` stands for none
 * @param date epoch milliseconds
 */
export function formatFromLine(sender: string, date: number): string {
  const name = sender.replace(/[\s\p{Cc}]+/gu, '');
  const moment = new Date(date);
  const day = String(moment.getUTCDate()).padStart(2);
  const weekday = WEEKDAYS[moment.getUTCDay()] ?? '';
  const month = MONTHS[moment.getUTCMonth()] ?? '';
  const clock = moment.toISOString().slice(-13, -5);
  const year = String(moment.getUTCFullYear()).padStart(4, '0');
  return `From ${name === '' ? 'MAILER-DAEMON' : name} ${weekday} ${month} ${day} ${clock} ${year}\n`;
}

/** The message with its lines `From …` as `>From …`, as Mailman writes them. */
export function quoteFromLines(message: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let start = 0;
  if (message.toString('latin1', 0, 5) === 'From ') pieces.push(Buffer.from('>'));
  for (let at = message.indexOf(NEEDLE); at >= 0; at = message.indexOf(NEEDLE, at + 1)) {
    pieces.push(message.subarray(start, at + 1), Buffer.from('>'));
    start = at + 1;
  }
  return pieces.length === 0 ? message : Buffer.concat([...pieces, message.subarray(start)]);
}

/** A message as an mbox holds it: its line before it, quoted, a blank line after it. */
export function formatEntry(sender: string, date: number, message: Buffer): Buffer {
  const quoted = quoteFromLines(message);
  const isWhole = quoted.length === 0 || quoted.at(-1) === LF;
  const lineEnd = quoted.at(quoted.indexOf(LF) - 1) === CR && quoted.includes(LF) ? '\r\n' : '\n';
  const end = isWhole ? lineEnd : lineEnd + lineEnd;
  return Buffer.concat([
    Buffer.from(formatFromLine(sender, date).replace('\n', lineEnd)),
    quoted,
    Buffer.from(end),
  ]);
}
