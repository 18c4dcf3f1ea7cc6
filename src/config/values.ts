import { FerrymanError } from '../errors.ts';

/** A text that is not of the type it should be; `expected` says in words what would have been right. */
export class InvalidValueError extends FerrymanError {
  override name = 'InvalidValueError';
  readonly expected: string;

  constructor(found: string, expected: string) {
    super(`found ${quote(found)}, expected ${expected}`);
    this.expected = expected;
  }
}

const LONGEST_QUOTE = 80;

/** Shows a value inside a one-line message: line breaks escaped, long ones cut, passwords of URLs hidden. */
export function quote(text: string): string {
  const oneLine = text
    .replace(/(:\/\/[^/\s:@]*):[^@\s]*@/g, '$1:***@')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  return oneLine.length > LONGEST_QUOTE ? `'${oneLine.slice(0, LONGEST_QUOTE)}…'` : `'${oneLine}'`;
}

const TRUE_WORDS = new Set(['true', 'yes', '1', 'on', 'enable', 'enabled']);
const FALSE_WORDS = new Set(['false', 'no', '0', 'off', 'disable', 'disabled']);

/** Reads yes and no in all the spellings that Mailman takes, in any case. */
export function parseBool(text: string): boolean {
  const word = text.toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  if (FALSE_WORDS.has(word)) return false;
  throw new InvalidValueError(text, 'yes or no');
}

const SECONDS_OF_UNIT = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 } as const;
const DURATION = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const LONGEST_DURATION = 1_000_000_000 * SECONDS_OF_UNIT.d;

/** Reads a period such as `1d12h` and returns its seconds. */
export function parseDuration(text: string): number {
  const expected = 'a period such as 5d, 1d12h or 30s (units w d h m s, in that order)';
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) throw new InvalidValueError(text, expected);
  const seconds = Object.values(SECONDS_OF_UNIT).reduce(
    (sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit,
    0,
  );
  if (seconds > LONGEST_DURATION) throw new InvalidValueError(text, expected);
  return seconds;
}

/** Reads a whole number between two bounds. */
export function parseInteger(text: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < min || number > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
    throw new InvalidValueError(text, `a whole number, ${range}`);
  }
  return number;
}

/** The words of a text, separated by blanks or line breaks. */
export function splitWords(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** The lines of a text without the empty ones. */
export function splitLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The items of a comma-separated text. */
export function splitCommas(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
