const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mar 15 09:00:00 2024 (4711) text`, in local time. */
const LINE = /^(\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) (\d{4}) \((\d+)\) (.*)$/;

/** What stands before the first line of a text. */
export const STAMP = /^\w{3} \d\d \d\d:\d\d:\d\d \d{4} \(\d+\) /;

/** A line of one of Mailman 2.1's logs. Further lines of the same text have no date, and are part of it here. */
export interface LogLine {
  /** Seconds since 1970. */
  readonly at: number;
  readonly pid: number;
  readonly text: string;
}

interface AboutPost {
  /** Lower case. */
  readonly list: string;
  readonly messageId: string;
}

/** What Mailman 2 did with a post, as its logs tell. */
export type Mailman2Event =
  | (AboutPost & { readonly kind: 'accepted'; readonly sender: string; readonly failures: number })
  | (AboutPost & { readonly kind: 'sent'; readonly recipients: number })
  | (AboutPost & { readonly kind: 'held'; readonly sender: string; readonly reason: string })
  | (AboutPost & {
      readonly kind: 'discarded' | 'rejected';
      readonly handler: string;
      readonly reason: string;
    })
  | (AboutPost & { readonly kind: 'approved' })
  /** A moderator's decision about a held post, which the log names by author and subject only. */
  | {
      readonly kind: 'refused' | 'dropped';
      readonly list: string;
      readonly sender: string;
      readonly subject: string;
    }
  /** Of the post that the same process has sent in the same second. */
  | { readonly kind: 'undeliverable'; readonly address: string; readonly code: number };

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

const POST = /^post to (\S+) from (.*), size=\d+, message-id=(.*), (?:success|(\d+) failures)$/;
const SMTP = /^(.*) smtp to (\S+) for (\d+) recips, completed in [\d.]+ seconds$/;
const HELD = /^(\S+) post from (.*) held, message-id=(.*?): ([\s\S]*)$/;
const ENDED =
  /^Message (discarded|rejected), msgid: (.*?)'?\n {8}list: ([^\s,]+),\n {8}handler: ([^\s,]+)(?:,\n {8}reason: ([\s\S]*))?/;
const APPROVED = /^(\S+): held message approved, message-id: (.*)$/;
const MODERATED = /^(\S+): (Refused|Discarded) posting:\n\tFrom: (.*)\n\tSubject: (.*)/;
const UNDELIVERABLE = /^delivery to (\S+) failed with code (-?\d+): /;

type Reader = readonly [pattern: RegExp, read: (found: readonly string[]) => Mailman2Event];

const READERS: readonly Reader[] = [
  [
    POST,
    ([, list = '', sender = '', messageId = '', failures = '0']) => ({
      kind: 'accepted',
      ...{ list: list.toLowerCase(), messageId, sender: sender.toLowerCase(), failures: Number(failures) },
    }),
  ],
  [
    SMTP,
    ([, messageId = '', list = '', count]) => ({
      kind: 'sent',
      ...{ list: list.toLowerCase(), messageId, recipients: Number(count) },
    }),
  ],
  [
    HELD,
    ([, list = '', sender = '', messageId = '', reason = '']) => ({
      kind: 'held',
      ...{ list: list.toLowerCase(), messageId, sender: sender.toLowerCase(), reason },
    }),
  ],
  [
    ENDED,
    ([, how, messageId = '', list = '', handler = '', reason = '']) => ({
      kind: how === 'rejected' ? 'rejected' : 'discarded',
      ...{ list: list.toLowerCase(), messageId, handler, reason: reason.trim() },
    }),
  ],
  [APPROVED, ([, list = '', messageId = '']) => ({ kind: 'approved', list: list.toLowerCase(), messageId })],
  [
    MODERATED,
    ([, list = '', how, sender = '', subject = '']) => ({
      kind: how === 'Refused' ? 'refused' : 'dropped',
      ...{ list: list.toLowerCase(), sender: sender.toLowerCase(), subject },
    }),
  ],
  [
    UNDELIVERABLE,
    ([, address = '', code]) => ({
      kind: 'undeliverable',
      address: address.toLowerCase(),
      code: Number(code),
    }),
  ],
];

/**
 * What a line of the logs `post`, `smtp`, `smtp-failure` and `vette` says about a post (mailman21.md 2.1, 2.2); names of
 * lists in lower case.
 */
export function eventOf({ text }: LogLine): Mailman2Event | undefined {
  for (const [pattern, read] of READERS) {
    const found = pattern.exec(text);
    if (found) return read(found);
  }
  return undefined;
}

/** Whether more lines of a text have to come. */
export function isUnfinished(text: string): boolean {
  if (/^Message (?:discarded|rejected), msgid: /.test(text))
    return !/\n {8}handler: [^\n,]+(?:$|\n|,\n {8}reason: )/.test(text);
  return /^\S+: (?:Refused|Discarded) posting:/.test(text) && !/\n\tSubject: /.test(text);
}

/** When Mailman 2 has sent a post of a list last, in seconds since 1970. */
export function lastPostAt(log: string, list: string): number | undefined {
  return logLines(log).findLast((line) => {
    const event = eventOf(line);
    return event?.kind === 'accepted' && event.list === list;
  })?.at;
}

/** A line of a log that says something about a post. */
export interface TimedEvent {
  /** Seconds since 1970. */
  readonly at: number;
  readonly pid: number;
  readonly event: Mailman2Event;
}
