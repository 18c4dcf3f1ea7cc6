const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** RFC 5322 4.3, and what else is written in old mail: hours east of Greenwich. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ edt: -4, est: -5, cdt: -5, cst: -6, mdt: -6, mst: -7, pdt: -7, pst: -8, hst: -10, akst: -9, akdt: -8 },
  ...{ wet: 0, west: 1, bst: 1, cet: 1, met: 1, mez: 1, cest: 2, mest: 2, mesz: 2, eet: 2, eest: 3, msk: 3 },
  ...{ msd: 4, jst: 9, kst: 9, aest: 10, aedt: 11, nzst: 12, nzdt: 13 },
};

/** No header field that is longer than this is a date. */
const MAX_LENGTH = 200;

/** No place is further from Greenwich, in hours. */
const MAX_ZONE_HOURS = 15;

/** `5 Jan 2015 10:00:00`, after the name of the day. */
const DAY_FIRST = /(?:^|[\s,])(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2,4})(?=\D|$)/i;
/** `Jan  5 10:00:00 2015`, as in the separators of an mbox, with or without a zone before the year. */
const MONTH_FIRST = /(?:^|[\s,])([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:,|\s).*?(?<![+\-:\d])(\d{4})(?=\D|$)/i;
const NUMBERS = /(?:^|\s)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=\D|$)/;
const TIME = /(?:^|[\sT,])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,9})?\s*(am|pm)?(?=[^\d:]|$)/i;
const OFFSET = /([+-])(\d{2}):?(\d{2})(?!\d)/;
const ZONE_NAME = /\b([a-z]{3,4})\b/gi;

/**
 * The moment that a Date field or the date of an mbox separator names, in epoch milliseconds: RFC 5322 with its
 * obsolete forms, asctime, ISO 8601, and what broken mailers write nearly like these. A zone that is missing or
 * unknown is taken as UTC. Undefined where no day can be read. Whether the moment can be right is not checked.
 */
export function parseMailDate(value: string): number | undefined {
  const text = value.slice(0, MAX_LENGTH).replace(/\([^()]*\)/g, ' ');
  const day = readDay(text);
  if (!day) return undefined;
  const time = readTime(text);
  if (!time) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(day.year, day.month - 1, day.day);
  if (date.getUTCMonth() !== day.month - 1 || date.getUTCDate() !== day.day) return undefined;
  date.setUTCHours(time.hour, time.minute, time.second);
  return date.getTime() - zoneMinutes(text.slice(time.end)) * 60_000;
}

function readDay(text: string): { year: number; month: number; day: number } | undefined {
  const numbers = NUMBERS.exec(text);
  if (numbers) return checked(Number(numbers[1]), Number(numbers[2]), Number(numbers[3]));
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) return checked(fullYear(dayFirst[3] ?? ''), monthOf(dayFirst[2]), Number(dayFirst[1]));
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst) return checked(Number(monthFirst[3]), monthOf(monthFirst[1]), Number(monthFirst[2]));
  return undefined;
}

function checked(year: number, month: number, day: number) {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day } : undefined;
}

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').toLowerCase()) + 1;
}

/** RFC 5322 4.3 */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
}

/** A date without a time is midnight. */
function readTime(text: string): { hour: number; minute: number; second: number; end: number } | undefined {
  const match = TIME.exec(text);
  if (!match) return { hour: 0, minute: 0, second: 0, end: text.length };
  const half = match[4]?.toLowerCase();
  const written = Number(match[1]);
  const hour = half === undefined || written > 12 ? written : (written % 12) + (half === 'pm' ? 12 : 0);
  const minute = Number(match[2]);
  const second = Math.min(Number(match[3] ?? 0), 60);
  return hour <= 24 && minute <= 59
    ? { hour, minute, second, end: match.index + match[0].length }
    : undefined;
}

function zoneMinutes(text: string): number {
  const offset = OFFSET.exec(text);
  if (offset) {
    const hours = Number(offset[2]);
    const minutes = Number(offset[3]);
    if (hours > MAX_ZONE_HOURS || minutes > 59) return 0;
    return (hours * 60 + minutes) * (offset[1] === '-' ? -1 : 1);
  }
  for (const [name] of text.matchAll(ZONE_NAME)) {
    const zone = Object.hasOwn(ZONES, name.toLowerCase()) ? ZONES[name.toLowerCase()] : undefined;
    if (zone !== undefined) return zone * 60;
  }
  return 0;
}
