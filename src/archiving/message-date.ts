import { parseMailDate } from '../message/date.ts';
import type { Headers } from '../message/headers.ts';
import type { DateSource } from './store/types.ts';

/** When a message was written, as far as it says so itself. */
export interface MessageDate {
  /** Epoch milliseconds; undefined where it names no moment that can be right. */
  readonly time: number | undefined;
  readonly source: DateSource;
}

/** The year of RFC 822; clocks without a battery say 1970 or 1980. */
const FIRST = Date.UTC(1982, 0, 1);
/** How much later than its arrival a message may have been written, for clocks and zones that are wrong. */
const AHEAD = 2 * 86_400_000;

/** The Date field if it can be right, else the date of the separator. */
export function dateOf(headers: Headers, separator: Buffer | undefined, now: number): MessageDate {
  const arrived = plausible(separatorDate(separator), now);
  const written = plausible(parseMailDate(headers.get('Date') ?? ''), arrived ?? now);
  if (written !== undefined) return { time: written, source: 'date' };
  return { time: arrived, source: arrived === undefined ? 'neighbour' : 'separator' };
}

function plausible(time: number | undefined, arrival: number): number | undefined {
  return time !== undefined && time >= FIRST && time <= arrival + AHEAD ? time : undefined;
}

/** `From ant@example.com Mon Jan  5 10:00:00 2015` */
function separatorDate(separator: Buffer | undefined): number | undefined {
  if (!separator || separator.length === 0) return undefined;
  const line = separator.toString('latin1').trimEnd();
  const name = line.search(/ (?:mon|tue|wed|thu|fri|sat|sun),? /i);
  return parseMailDate(name < 0 ? line.replace(/^From \S*/, '') : line.slice(name));
}
