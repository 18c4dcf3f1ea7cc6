/** What the line says that begins a message in an mbox: `From ant@example.com Tue Mar  4 10:11:12 2003`. */
export interface FromLine {
  /** The sender as it stands there: often an address, also `MAILER-DAEMON`, `ant at example.com`, nothing. */
  readonly sender: string;
  /** Calendar and clock as written, in whatever zone the machine had. Undefined where no complete date ends the line. */
  readonly date: FromDate | undefined;
}

/** `month` counts from 1. `offset` is minutes east of Greenwich, undefined where none is given as a number. */
export interface FromDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly offset: number | undefined;
}

/** Longer ones are not written by any mail program. */
const LONGEST_LINE = 2000;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun),?$/i;
const ZONE = /^(?:[+-]\d{4}|\(?[A-Za-z]{1,6}\)?)$/;
const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads a line that begins with `From `.
 * @param line as latin1, without its end
 */
export function parseFromLine(line: string): FromLine {
  if (line.length > LONGEST_LINE) return { sender: '', date: undefined };
  const words = withoutOrigin(
    line
      .slice('From '.length)
      .split(/\s+/)
      .filter((word) => word !== ''),
  );
  for (const [at, word] of words.entries()) {
    const date = WEEKDAY.test(word) ? dateOf(words.slice(at + 1)) : isoDate(words, at);
    if (date) return { sender: words.slice(0, at).join(' '), date };
  }
  return { sender: words[0] ?? '', date: undefined };
}

/**
 * Whether a sender looks like what programs write: one word or none, or an address with its `@` spelled out as
 * pipermail's monthly text files have it (`ant at example.com`, the word in the language of the list).
 */
export function isPlausibleSender(sender: string): boolean {
  const words = sender.split(' ');
  return words.length === 1 || (words.length === 3 && (words[2] ?? '').includes('.'));
}

/** UUCP's `remote from HOST` at the end of the line. */
function withoutOrigin(words: string[]): string[] {
  return words.at(-3) === 'remote' && words.at(-2) === 'from' ? words.slice(0, -3) : words;
}

/** `Mar 4 10:11[:12] [ZONE [DST]] 2003 [ZONE]` or `4 Mar 2003 10:11:12 [ZONE]`, nothing before or after it. */
function dateOf(words: readonly string[]): FromDate | undefined {
  return monthOf(words[0]) === undefined ? mailDate(words) : asctime(words);
}

function asctime([monthName, dayText, clock, ...rest]: readonly string[]): FromDate | undefined {
  const yearAt = rest.findIndex((word) => /^\d{4}$/.test(word));
  if (yearAt < 0 || yearAt > 2) return undefined;
  const zones = [...rest.slice(0, yearAt), ...rest.slice(yearAt + 1)];
  return assemble(rest[yearAt], monthName, dayText, clock, zones);
}

function mailDate([dayText, monthName, year, clock, ...zones]: readonly string[]): FromDate | undefined {
  return year !== undefined && /^\d{4}$/.test(year)
    ? assemble(year, monthName, dayText, clock, zones)
    : undefined;
}

function assemble(
  yearText: string | undefined,
  monthName: string | undefined,
  dayText: string | undefined,
  clockText: string | undefined,
  zones: readonly string[],
): FromDate | undefined {
  const month = monthOf(monthName);
  const clock = CLOCK.exec(clockText ?? '');
  if (month === undefined || !clock || !/^\d{1,2}$/.test(dayText ?? '')) return undefined;
  if (zones.length > 2 || !zones.every((zone) => ZONE.test(zone))) return undefined;
  return valid({
    year: Number(yearText),
    month,
    day: Number(dayText),
    hour: Number(clock[1]),
    minute: Number(clock[2]),
    second: Number(clock[3] ?? 0),
    offset: offsetOf(zones.find((zone) => /^[+-]/.test(zone))),
  });
}

function isoDate(words: readonly string[], at: number): FromDate | undefined {
  const match = at === words.length - 1 ? ISO.exec(words[at] ?? '') : undefined;
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const zone = match[7] === 'Z' ? '+0000' : match[7]?.replace(':', '');
  return valid({ year, month, day, hour, minute, second, offset: offsetOf(zone) });
}

function valid(date: FromDate): FromDate | undefined {
  const { year, month, day, hour, minute, second } = date;
  const isSane = year >= 1969 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isSane && hour < 24 && minute < 60 && second <= 61 ? date : undefined;
}

function monthOf(name: string | undefined): number | undefined {
  const at = MONTHS.indexOf((name ?? '').toLowerCase());
  return at < 0 ? undefined : at + 1;
}

function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** Seconds since 1970 of such a date; where it names no offset, as if the clock had shown UTC. */
export function epochOfFromDate({ year, month, day, hour, minute, second, offset }: FromDate): number {
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - (offset ?? 0) * 60;
}
