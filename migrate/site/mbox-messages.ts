/**
 * The messages of a small mbox as Mailman 2.1 reads it: any line that starts with `From ` begins another, blank line
 * before it or not. Without their `From ` lines; lines that were escaped with `>` stay so, as they do there.
 */
export function messagesOf(mbox: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  let start: number | undefined;
  for (let at = fromLine(mbox, 0); at !== undefined; ) {
    if (start !== undefined) messages.push(withoutFinalBlank(mbox.subarray(start, at)));
    const end = mbox.indexOf(0x0a, at);
    start = end < 0 ? mbox.length : end + 1;
    at = fromLine(mbox, start);
  }
  if (start !== undefined && start < mbox.length) messages.push(withoutFinalBlank(mbox.subarray(start)));
  return messages;
}

/** Where the next line that starts with `From ` begins, at `start` or later; `start` is the start of a line. */
function fromLine(mbox: Buffer, start: number): number | undefined {
  if (mbox.subarray(start, start + 5).equals(FROM)) return start;
  const found = mbox.indexOf(LF_FROM, Math.max(0, start - 1));
  return found < 0 ? undefined : found + 1;
}

const FROM = Buffer.from('From ');
const LF_FROM = Buffer.from('\nFrom ');

/** The blank line before the next message belongs to neither. */
function withoutFinalBlank(message: Buffer): Buffer {
  return message.subarray(-2).equals(Buffer.from('\n\n')) ? message.subarray(0, -1) : message;
}
