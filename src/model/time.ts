/** A moment in UTC to the microsecond, `2024-03-09T17:04:05.012745Z`: fixed width, so that text order is time order. */
export type UtcTime = string & { readonly __utc: unique symbol };

const PATTERN = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,6})?Z?$/;
const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** UTC has no leap seconds here. */
export const SECONDS_PER_DAY = 86_400;

const MICROS_PER_SECOND = 1e6;

/** The present moment (millisecond resolution). */
export function utcNow(): UtcTime {
  return utcFromDate(new Date());
}

/** The moment of a JavaScript date. */
export function utcFromDate(date: Date): UtcTime {
  return `${date.toISOString().slice(0, 23)}000Z` as UtcTime;
}

/**
 * The moment that lies `seconds` after 1970, as Python's `utcfromtimestamp` has it: to the nearest microsecond, from
 * the middle to the even one. Undefined where the number is no moment between the years 1 and 9999.
 */
export function utcFromEpoch(seconds: number): UtcTime | undefined {
  if (!Number.isFinite(seconds)) return undefined;
  let whole = Math.trunc(seconds);
  let micros = roundHalfEven((seconds - whole) * MICROS_PER_SECOND);
  if (micros >= MICROS_PER_SECOND) {
    whole += 1;
    micros -= MICROS_PER_SECOND;
  } else if (micros < 0) {
    whole -= 1;
    micros += MICROS_PER_SECOND;
  }
  const date = new Date(whole * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  return `${date.toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z` as UtcTime;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Midnight of a calendar day. Undefined where there is no such day. */
export function utcFromDay(year: number, month: number, day: number): UtcTime | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return undefined;
  return year >= 1 && year <= 9999 ? utcFromDate(date) : undefined;
}

/** Seconds since 1970, to the microsecond. */
export function epochFromUtc(time: UtcTime): number {
  return Date.parse(`${time.slice(0, 19)}Z`) / 1000 + Number(time.slice(19, 26));
}

/** Reads what `UtcTime` writes, and the same without fraction or zone, as REST clients send it. */
export function parseUtc(text: string): UtcTime | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, year, month, day, time = '', fraction = '.'] = match;
  const midnight = utcFromDay(Number(year), Number(month), Number(day));
  if (midnight === undefined || !TIME_OF_DAY.test(time)) return undefined;
  return `${midnight.slice(0, 11)}${time}${fraction.padEnd(7, '0')}Z` as UtcTime;
}

/**
 * A duration as Mailman's REST API writes it: `7d`, or `1d7200.0s` where it is not a whole number of days.
 * @param seconds length in whole seconds
 */
export function formatDuration(seconds: number): string {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const rest = seconds - days * SECONDS_PER_DAY;
  if (rest === 0) return `${days}d`;
  return `${days > 0 ? `${days}d` : ''}${rest}${Number.isInteger(rest) ? '.0' : ''}s`;
}

/** Reads what `formatDuration` writes. @returns whole seconds */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d{1,9})d)?(?:(\d{1,8})(?:\.0+)?s)?$/.exec(text);
  if (!match || text === '') return undefined;
  return Number(match[1] ?? 0) * SECONDS_PER_DAY + Number(match[2] ?? 0);
}

/** The moment that lies `seconds` later. */
export function laterBy(time: UtcTime, seconds: number): UtcTime {
  return utcFromEpoch(epochFromUtc(time) + seconds) ?? time;
}

/** The moment that lay `seconds` earlier. */
export function earlierBy(time: UtcTime, seconds: number): UtcTime {
  return laterBy(time, -seconds);
}
