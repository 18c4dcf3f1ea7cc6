/**
 * Dates of headers as Mailman 2.1 reads them (Python 2.7, `email.utils.parsedate_tz` and `mktime_tz`): pipermail sorts
 * messages into volumes by these, so that it matters what it took for which date, right or wrong.
 */

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MONTHS = [
  ...['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october'],
  ...['november', 'december'],
];

/** Hours and minutes east of Greenwich, as one number. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ...(['UT', 'UTC', 'GMT', 'Z'].map((name) => [name, 0]) as [string, number][]),
  ...([
    ['AST', -400],
    ['ADT', -300],
    ['EST', -500],
    ['EDT', -400],
    ['CST', -600],
    ['CDT', -500],
    ['MST', -700],
    ['MDT', -600],
    ['PST', -800],
    ['PDT', -700],
  ] as [string, number][]),
]);

const WHOLE_NUMBER = /^[+-]?\d{1,9}$/;

/** No sane date is longer; splitting a whole megabyte would only take time. */
const LONGEST = 1000;

/** Calendar and clock in UTC as milliseconds, and seconds east of Greenwich where the date names a zone. */
export interface PythonDate {
  readonly utc: number;
  readonly offset: number | undefined;
}

/** @returns undefined where Python finds no date */
export function parsePythonDate(text: string): PythonDate | undefined {
  const words = dateWords(text.slice(0, LONGEST));
  if (!words || words.length < 5) return undefined;
  let [day = '', month = '', year = '', clock = '', zone = ''] = words;
  if (!MONTHS.includes(month.toLowerCase())) [day, month] = [month, day];
  const monthAt = MONTHS.indexOf(month.toLowerCase());
  if (monthAt < 0) return undefined;
  day = withoutComma(day);
  if (year.indexOf(':') > 0) [year, clock] = [clock, year];
  year = withoutComma(year);
  if (!/^\d/.test(year)) [year, zone] = [zone, year];
  const time = withoutComma(clock).split(':');
  if (time.length < 2 || time.length > 3) return undefined;
  const numbers = [year, day, ...time];
  if (!numbers.every((number) => WHOLE_NUMBER.test(number))) return undefined;
  const [years = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = numbers.map(Number);
  const utc = moment(
    fullYear(years),
    monthAt % 12,
    (days - 1) * 86_400 + hours * 3600 + minutes * 60 + seconds,
  );
  return utc === undefined ? undefined : { utc, offset: zoneOffset(zone) };
}

/** So many seconds after the month began, in milliseconds; days beyond the month carry over, as in Python. */
function moment(year: number, month: number, seconds: number): number | undefined {
  if (year < 1 || year > 9999) return undefined;
  return new Date(0).setUTCFullYear(year, month, 1) + seconds * 1000;
}

function dateWords(text: string): string[] | undefined {
  let words = text.split(/[ \t\r\n\v\f]+/).filter((word) => word !== '');
  const first = words[0];
  if (first === undefined) return undefined;
  if (first.endsWith(',') || DAYS.includes(first.toLowerCase())) words = words.slice(1);
  else words[0] = first.slice(first.lastIndexOf(',') + 1);
  const parts = (words[0] ?? '').split('-');
  if (words.length === 3 && parts.length === 3) words = [...parts, ...words.slice(1)];
  if (words.length === 4) {
    const last = words[3] ?? '';
    const plus = last.indexOf('+');
    words = plus > 0 ? [...words.slice(0, 3), last.slice(0, plus), last.slice(plus + 1)] : [...words, ''];
  }
  return words;
}

function withoutComma(word: string): string {
  return word.endsWith(',') ? word.slice(0, -1) : word;
}

function fullYear(year: number): number {
  if (year >= 100) return year;
  return year > 68 ? year + 1900 : year + 2000;
}

function zoneOffset(zone: string): number | undefined {
  const known = ZONES.get(zone.toUpperCase());
  const number = known ?? (WHOLE_NUMBER.test(zone) ? Number(zone) : undefined);
  if (number === undefined) return undefined;
  const size = Math.abs(number);
  return Math.sign(number) * (Math.floor(size / 100) * 3600 + (size % 100) * 60);
}
