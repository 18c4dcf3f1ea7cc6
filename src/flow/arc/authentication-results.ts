/** The outcome of one check, such as `dkim=pass header.d=example.com` (RFC 8601 2.2). */
export interface MethodResult {
  /** Lower case, without a version. */
  readonly method: string;
  /** Lower case. */
  readonly result: string;
  /** By `ptype.property`, lower case. */
  readonly properties: ReadonlyMap<string, string>;
  /** As it is written, in one line. */
  readonly text: string;
}

/** A field Authentication-Results. */
export interface AuthenticationResults {
  /** The authserv-id, lower case. */
  readonly server: string;
  readonly results: readonly MethodResult[];
}

/** A field that is longer is not read. */
const MAX_LENGTH = 16_384;

/** A word that is longer could not stand in a line of mail. */
const MAX_WORD = 500;

/** Characters of a value in quotes: with a backslash before each it is no longer than a word may be. */
const MAX_QUOTED = 200;

/** Of a comment of ours. */
const MAX_COMMENT = 200;

interface Segment {
  /** Words without comments, quoted strings without their quotes; `=` is a word of its own. */
  readonly words: readonly string[];
  readonly text: string;
}

/**
 * Reads the value of a field Authentication-Results. Results that no reader could make out are left out.
 * @param value unfolded
 * @returns undefined where comments or quotes stay open, or there is no authserv-id
 */
export function parseAuthenticationResults(value: string): AuthenticationResults | undefined {
  const [first, ...rest] = splitSegments(value) ?? [];
  const server = first?.words[0];
  if (server === undefined || server === '=' || first?.words[1] === '=') return undefined;
  const results = rest.map(methodResult).filter((result) => result !== undefined);
  return { server: server.toLowerCase(), results };
}

/** What a check of our own found, as it stands in the field. Values may come from anybody. */
export function formatResult(
  method: string,
  result: string,
  { comment = '', properties = {} }: ResultDetails = {},
): string {
  const note = cleanText(comment)
    .replace(/[()\\]/g, ' ')
    .slice(0, MAX_COMMENT)
    .trim();
  const pairs = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${propertyValue(value)}`],
  );
  return [`${method}=${result}`, ...(note === '' ? [] : [`(${note})`]), ...pairs].join(' ');
}

export interface ResultDetails {
  readonly comment?: string;
  /** By `ptype.property`; what is undefined or empty is left out. */
  readonly properties?: Readonly<Record<string, string | undefined>>;
}

/** The value of a field Authentication-Results. */
export function formatAuthenticationResults(server: string, results: readonly string[]): string {
  return [propertyValue(server), ...(results.length === 0 ? ['none'] : results)].join('; ');
}

function splitSegments(value: string): Segment[] | undefined {
  if (value.length > MAX_LENGTH) return undefined;
  const segments: Segment[] = [];
  let words: string[] = [];
  let word = '';
  let start = 0;
  const endWord = (): void => {
    if (word !== '') words.push(word);
    word = '';
  };
  const endSegment = (end: number): void => {
    endWord();
    segments.push({ words, text: cleanText(value.slice(start, end)) });
    words = [];
    start = end + 1;
  };
  let at = 0;
  while (at < value.length) {
    const character = value[at] ?? '';
    if (character === '(' || character === '"') {
      const end = character === '(' ? endOfComment(value, at) : endOfQuote(value, at);
      if (end === undefined) return undefined;
      if (character === '(') endWord();
      else word += value.slice(at + 1, end - 1).replace(/\\(.)/gs, '$1');
      at = end;
      continue;
    }
    if (character === ';') endSegment(at);
    else if (character === '=') {
      endWord();
      words.push('=');
    } else if (isBlank(character)) endWord();
    else word += character;
    at += 1;
  }
  endSegment(value.length);
  return segments;
}

/** What `cleanText` makes a blank. */
function isBlank(character: string): boolean {
  return character <= ' ' || character === '\x7f';
}

function endOfComment(value: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1;
    else if (value[at] === '(') depth += 1;
    else if (value[at] === ')') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function endOfQuote(value: string, start: number): number | undefined {
  for (let at = start + 1; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1;
    else if (value[at] === '"') return at + 1;
  }
  return undefined;
}

function methodResult({ words: loose, text }: Segment): MethodResult | undefined {
  const words = joinedNames(loose);
  const [method = '', equals, result = ''] = words;
  if (equals !== '=' || !/^[a-z][a-z0-9-]*(?:\/\d+)?$/i.test(method) || !/^[a-z][a-z0-9-]*$/i.test(result))
    return undefined;
  if (text.split(' ').some((word) => word.length > MAX_WORD)) return undefined;
  const properties = new Map<string, string>();
  for (let at = 3; at + 2 < words.length; at += 1) {
    const [name = '', sign, value = ''] = words.slice(at, at + 3);
    if (sign === '=') properties.set(name.toLowerCase(), value);
  }
  return {
    method: method.replace(/\/.*/, '').toLowerCase(),
    result: result.toLowerCase(),
    properties,
    text,
  };
}

/** Blanks and comments may stand around the `/` of a version and the `.` of a property. */
function joinedNames(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const before = joined.at(-1);
    if ((word === '.' || word === '/') && before !== undefined && before !== '=') {
      joined[joined.length - 1] = `${before}${word}${words[at + 1] ?? ''}`;
      at += 1;
    } else joined.push(word);
  }
  return joined;
}

/** One line, without control characters. */
function cleanText(text: string): string {
  return text
    .replace(/[\0-\x20\x7f]+/g, ' ')
    .slice(0, MAX_LENGTH)
    .trim();
}

function propertyValue(value: string): string {
  const clean = cleanText(value).slice(0, MAX_WORD / 2);
  if (/^[A-Za-z0-9!#$%&'*+/^_`{|}~.@-]+$/.test(clean)) return clean;
  return `"${clean.slice(0, MAX_QUOTED).replace(/["\\]/g, '\\$&')}"`;
}
