const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mar 15 09:00:00 2024 (4711) text`, in local time. */
const LINE = /^(\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) (\d{4}) \((\d+)\) (.*)$/;

/** A line of one of Mailman 2.1's logs. Further lines of the same text have no date, and are part of it here. */
export interface LogLine {
  /** Seconds since 1970. */
  readonly at: number;
  readonly pid: number;
  readonly text: string;
}

/** What Mailman 2 did with a post, as its logs tell. */
export type Mailman2Event =
  | { readonly kind: 'accepted'; readonly list: string; readonly messageId: string; readonly sender: string }
  | { readonly kind: 'sent'; readonly list: string; readonly messageId: string; readonly recipients: number }
  | { readonly kind: 'held'; readonly list: string; readonly messageId: string; readonly reason: string }
  | { readonly kind: 'discarded' | 'rejected'; readonly list: string; readonly messageId: string }
  | { readonly kind: 'approved'; readonly list: string; readonly messageId: string };

/** Splits what was read of a log into its lines; the last may be unfinished and is left out then. */
export function logLines(text: string): LogLine[] {
  const lines: { at: number; pid: number; text: string }[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const match = LINE.exec(line);
    const month = match ? MONTHS.indexOf(match[1] ?? '') : -1;
    if (match && month >= 0) {
      const [, , day, hour, minute, second, year, pid, rest = ''] = match;
      const date = new Date(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
      lines.push({ at: date.getTime() / 1000, pid: Number(pid), text: rest });
    } else {
      const last = lines.at(-1);
      if (last) last.text += `\n${line}`;
    }
  }
  return lines;
}

const POST = /^post to (\S+) from (.*), size=\d+, message-id=(.*), (?:success|\d+ failures)$/;
const SMTP = /^(.*) smtp to (\S+) for (\d+) recips, completed in [\d.]+ seconds$/;
const HELD = /^(\S+) post from (.*) held, message-id=(.*?): ([\s\S]*)$/;
const ENDED = /^Message (discarded|rejected), msgid: (.*?)'?\n {8}list: (\S+),\n/;
const APPROVED = /^(\S+): held message approved, message-id: (.*)$/;

/** What a line of the logs `post`, `smtp` and `vette` says about a post (mailman21.md 2.1, 2.2); names of lists in lower case. */
export function eventOf({ text }: LogLine): Mailman2Event | undefined {
  let match = POST.exec(text);
  if (match) {
    const [, list = '', sender = '', messageId = ''] = match;
    return { kind: 'accepted', list: list.toLowerCase(), messageId, sender };
  }
  match = SMTP.exec(text);
  if (match) {
    const [, messageId = '', list = '', count] = match;
    return { kind: 'sent', list: list.toLowerCase(), messageId, recipients: Number(count) };
  }
  match = HELD.exec(text);
  if (match) {
    const [, list = '', , messageId = '', reason = ''] = match;
    return { kind: 'held', list: list.toLowerCase(), messageId, reason };
  }
  match = ENDED.exec(text);
  if (match) {
    const [, how, messageId = '', list = ''] = match;
    return { kind: how === 'rejected' ? 'rejected' : 'discarded', list: list.toLowerCase(), messageId };
  }
  match = APPROVED.exec(text);
  if (match) {
    const [, list = '', messageId = ''] = match;
    return { kind: 'approved', list: list.toLowerCase(), messageId };
  }
  return undefined;
}

/** When Mailman 2 has sent a post of a list last, in seconds since 1970. */
export function lastPostAt(log: string, list: string): number | undefined {
  return logLines(log).findLast((line) => {
    const event = eventOf(line);
    return event?.kind === 'accepted' && event.list === list;
  })?.at;
}
