import { FerrymanError } from '../../errors.ts';
import { parseUtc, type UtcTime } from '../../model/time.ts';

/** A file that should describe a list does not. The message names the list, the field and what is wrong with it. */
export class ListFileError extends FerrymanError {
  override name = 'ListFileError';
}

const SHOWN_LENGTH = 60;

/** A value of a JSON document, and where it stands. What is read from it is checked; all methods throw ListFileError. */
export class Place {
  readonly #value: unknown;
  readonly #document: string;
  readonly #path: string;

  /** @param document what messages call the document */
  constructor(value: unknown, document: string, path = '') {
    this.#value = value;
    this.#document = document;
    this.#path = path;
  }

  /** The same value of a document that is called otherwise. */
  renamed(document: string): Place {
    return new Place(this.#value, document, this.#path);
  }

  /** A field of this object; it may be missing. */
  at(name: string): Place {
    const fields = this.object();
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return new Place(value, this.#document, this.#path === '' ? name : `${this.#path}.${name}`);
  }

  object(): Readonly<Record<string, unknown>> {
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value))
      throw this.refuse('an object');
    return this.#value as Readonly<Record<string, unknown>>;
  }

  items(): Place[] {
    if (!Array.isArray(this.#value)) throw this.refuse('an array');
    return this.#value.map((item, index) => new Place(item, this.#document, `${this.#path}[${index}]`));
  }

  /** Undefined where the field is missing or null. */
  optional<T>(read: (place: Place) => T): T | undefined {
    return this.#value === undefined || this.#value === null ? undefined : read(this);
  }

  /** The same for what is null where there is none, but must be said. */
  nullable<T>(read: (place: Place) => T): T | null {
    return this.#value === null ? null : read(this);
  }

  /** @param longest characters that there is room for */
  text(longest = Number.POSITIVE_INFINITY): string {
    if (typeof this.#value !== 'string') throw this.refuse('a text');
    if (this.#value.length > longest) throw this.refuse(`a text of at most ${longest} characters`);
    return this.#value;
  }

  texts(): string[] {
    return this.items().map((item) => item.text());
  }

  flag(): boolean {
    if (typeof this.#value !== 'boolean') throw this.refuse('true or false');
    return this.#value;
  }

  number(): number {
    if (typeof this.#value !== 'number' || !Number.isFinite(this.#value)) throw this.refuse('a number');
    return this.#value;
  }

  /** A whole number that all databases take. */
  whole(least = 0): number {
    const number = this.number();
    if (!Number.isInteger(number) || number < least || number >= 2 ** 31)
      throw this.refuse(`a whole number of at least ${least}`);
    return number;
  }

  oneOf<const N extends readonly string[]>(names: N): N[number] {
    if (!names.includes(this.#value as string)) throw this.refuse(`one of ${names.join(', ')}`);
    return this.#value as N[number];
  }

  time(): UtcTime {
    const time = parseUtc(this.text());
    if (time === undefined) throw this.refuse('a time such as 2024-03-09T17:04:05.012745Z');
    return time;
  }

  /** 32 hex digits. */
  id(): string {
    if (!/^[0-9a-f]{32}$/.test(this.text())) throw this.refuse('an identifier of 32 hex digits');
    return this.text();
  }

  base64(): Buffer {
    const text = this.text();
    const bytes = Buffer.from(text, 'base64');
    if (bytes.toString('base64') !== text) throw this.refuse('base64');
    return bytes;
  }

  /** @param expected what should have been here */
  refuse(expected: string): ListFileError {
    const found = this.#value === undefined ? 'missing' : shorten(JSON.stringify(this.#value));
    return this.complain(`is ${found}; expected ${expected}`);
  }

  /** @param problem a predicate: `is wrong` */
  complain(problem: string): ListFileError {
    const field = this.#path === '' ? 'the document' : this.#path;
    return new ListFileError(`${this.#document}: ${field} ${problem}`);
  }
}

function shorten(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH - 3)}...` : text;
}
