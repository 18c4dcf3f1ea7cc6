import { encode } from '../../src/message/charset.ts';
import type { PlainValue } from '../import21/settings-table.ts';
import { type PickleValue, PyBytes, PyFloat } from '../pickle/values.ts';

/** Makes Python values of plain ones, with the types that Mailman 2.1 has in the same place. */
export class PythonValues {
  readonly #charset: string;

  /** @param charset of the list's texts */
  constructor(charset: string) {
    this.#charset = charset;
  }

  /** A byte string in the list's charset; characters that it lacks are written as in HTML, as Mailman's pages do. */
  bytes(text: string): PyBytes {
    const whole = encode(text, this.#charset);
    if (whole) return PyBytes.from(whole);
    const parts = [...text].map(
      (character) => encode(character, this.#charset) ?? Buffer.from(`&#${character.codePointAt(0)};`),
    );
    return PyBytes.from(Buffer.concat(parts));
  }

  /** A name or password of a person: unicode where the charset of the list lacks it, as from Mailman's pages. */
  personal(text: string, before?: PickleValue): PickleValue {
    const whole = typeof before === 'string' ? undefined : encode(text, this.#charset);
    return whole ? PyBytes.from(whole) : text;
  }

  /** A text: unicode where it was that before. */
  text(text: string, before: PickleValue | undefined): PickleValue {
    return typeof before === 'string' ? text : this.bytes(text);
  }

  /** Any plain value, of the type that stood there before. */
  like(value: PlainValue, before: PickleValue | undefined): PickleValue {
    if (typeof value === 'boolean') return typeof before === 'number' ? Number(value) : value;
    if (typeof value === 'string') return this.text(value, before);
    if (typeof value === 'number') return number(value, before);
    const known = new Map(
      (Array.isArray(before) ? before : []).map((item) => [
        item instanceof PyBytes ? item.latin1 : item,
        item,
      ]),
    );
    return value.map((item) => known.get(item) ?? this.bytes(item));
  }
}

function number(value: number, before: PickleValue | undefined): PickleValue {
  if (before instanceof PyFloat || !Number.isInteger(value)) return new PyFloat(value);
  if (typeof before === 'boolean' && (value === 0 || value === 1)) return value === 1;
  return value;
}
