import { RestError } from './errors.ts';
import { Float } from './values.ts';

/** Objects and lists within each other; nobody means more. */
const DEEPEST = 50;

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const BLANK = /[ \t\n\r]*/y;
const WORDS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
];

/** Why a text is no JSON, in the words of Python's decoder. */
class JsonFault extends Error {
  readonly position: number;

  constructor(reason: string, position: number) {
    super(reason);
    this.position = position;
  }
}

/**
 * Reads the JSON body of a request. Numbers with a fraction are told from whole ones, and
 * whole ones that JavaScript cannot hold become bigints.
 * @throws RestError 400 as Mailman words it
 */
export function parseJsonBody(text: string): unknown {
  if (text === '') throw invalid('Could not parse an empty JSON body');
  try {
    return new Reader(text).document();
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const before = text.slice(0, error.position);
    const line = before.split('\n').length;
    const column = error.position - before.lastIndexOf('\n');
    throw invalid(
      `Could not parse JSON body - ${error.message}: line ${line} column ${column} (char ${error.position})`,
    );
  }
}

function invalid(description: string): RestError {
  return new RestError(400, { title: 'Invalid JSON', description });
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    this.#skip();
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) throw new JsonFault('Extra data', this.#at);
    return value;
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) throw new JsonFault('Too many levels', this.#at);
    const start = this.#text.charAt(this.#at);
    if (start === '{') return this.#object(depth);
    if (start === '[') return this.#list(depth);
    if (start === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #number(): number | bigint | Float {
    NUMBER.lastIndex = this.#at;
    const [match, fraction, exponent] = NUMBER.exec(this.#text) ?? [];
    if (match === undefined) throw new JsonFault('Expecting value', this.#at);
    this.#at += match.length;
    const number = Number(match);
    if (fraction !== undefined || exponent !== undefined) return new Float(number);
    return Number.isSafeInteger(number) ? number : BigInt(match);
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) throw new JsonFault('Unterminated string starting at', start);
    const literal = this.#text.slice(start, end + 1);
    this.#at = end + 1;
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw new JsonFault(
        /\p{Cc}/u.test(literal) ? 'Invalid control character at' : 'Invalid \\escape',
        start,
      );
    }
  }

  #list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#at += 1;
    this.#skip();
    if (this.#take(']')) return items;
    for (;;) {
      this.#skip();
      items.push(this.#value(depth + 1));
      this.#skip();
      if (this.#take(']')) return items;
      if (!this.#take(',')) throw new JsonFault("Expecting ',' delimiter", this.#at);
    }
  }

  #object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at += 1;
    this.#skip();
    if (this.#take('}')) return {};
    for (;;) {
      this.#skip();
      if (this.#text[this.#at] !== '"')
        throw new JsonFault('Expecting property name enclosed in double quotes', this.#at);
      const key = this.#string();
      this.#skip();
      if (!this.#take(':')) throw new JsonFault("Expecting ':' delimiter", this.#at);
      this.#skip();
      entries.push([key, this.#value(depth + 1)]);
      this.#skip();
      if (this.#take('}')) return Object.fromEntries(entries);
      if (!this.#take(',')) throw new JsonFault("Expecting ',' delimiter", this.#at);
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    BLANK.lastIndex = this.#at;
    this.#at += BLANK.exec(this.#text)?.[0].length ?? 0;
  }
}
