import type { LineEnd } from './line-ends.ts';

/** One header field. */
export interface HeaderField {
  /** As it is written; '' for a line that stands among the headers without naming a field (an mbox `From ` line). */
  readonly name: string;
  /** The whole field, name to final line end, one character per byte (latin1). */
  readonly raw: string;
}

/** RFC 5322 2.1.1: lines should not be longer. */
const MAX_LINE = 78;

const FIELD_NAME = /^[\x21-\x39\x3b-\x7e]+$/;

/**
 * The header section of a message or part, in order. Values are handed out unfolded, one character per byte, and
 * taken in the same form; see encoded-words.ts for text. Names compare without regard to case.
 */
export class Headers {
  /** What ends the lines of new fields: as in the message that the headers came with. */
  readonly lineEnd: LineEnd;
  #fields: HeaderField[];
  /** Their names in lower case, once somebody looks for one. */
  #keys: string[] | undefined;
  #onChange: (() => void) | undefined;

  constructor(fields: readonly HeaderField[] = [], lineEnd: LineEnd = '\r\n') {
    this.#fields = [...fields];
    this.lineEnd = lineEnd;
  }

  get fields(): readonly HeaderField[] {
    return this.#fields;
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** The first value of this name: unfolded, trimmed, raw bytes as latin1. */
  get(name: string): string | undefined {
    const field = this.#find(name);
    return field && fieldValue(field);
  }

  /** All values of this name, in order. */
  getAll(name: string): string[] {
    const key = name.toLowerCase();
    const keys = this.#fieldKeys();
    return this.#fields.filter((_, index) => keys[index] === key).map(fieldValue);
  }

  /** Removes all fields of this name. */
  delete(name: string): void {
    const key = name.toLowerCase();
    const keys = this.#fieldKeys();
    if (keys.includes(key)) this.#replace(this.#fields.filter((_, index) => keys[index] !== key));
  }

  /** Removes the fields that `unwanted` picks. */
  deleteWhere(unwanted: (field: HeaderField) => boolean): void {
    const kept = this.#fields.filter((field) => !unwanted(field));
    if (kept.length < this.#fields.length) this.#replace(kept);
  }

  /** Puts a field at the end. The value may be Unicode only if it is meant to be raw UTF-8 (RFC 6532). */
  append(name: string, value: string): void {
    this.appendField(makeField(name, value, this.lineEnd));
  }

  /** Puts a field of another message at the end, byte for byte. */
  appendField(field: HeaderField): void {
    this.#replace([...this.#fields, field]);
  }

  /** Puts a field in front of all others, but behind an mbox `From ` line. */
  prepend(name: string, value: string): void {
    const field = makeField(name, value, this.lineEnd);
    const [first, ...others] = this.#fields;
    this.#replace(first?.name === '' ? [first, field, ...others] : [field, ...this.#fields]);
  }

  /**
   * Replaces the first field of this name where it stands and removes its others; appends it where there is none.
   * A field that has this value already keeps its bytes.
   */
  set(name: string, value: string): void {
    const key = name.toLowerCase();
    const old = this.#find(name);
    if (!old) {
      this.append(name, value);
      return;
    }
    const field = fieldValue(old) === value ? old : makeField(name, value, this.lineEnd);
    const fields = this.#fields.flatMap((other) => {
      if (other === old) return [field];
      return other.name.toLowerCase() === key ? [] : [other];
    });
    if (field !== old || fields.length < this.#fields.length) this.#replace(fields);
  }

  /** Calls `listener` after every change; a later listener takes the place of an earlier one. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  toBuffer(): Buffer {
    const last = this.#fields.length - 1;
    const lines = this.#fields.map(({ raw }, index) =>
      index === last || raw.endsWith('\n') ? raw : raw + this.lineEnd,
    );
    return Buffer.from(lines.join(''), 'latin1');
  }

  #find(name: string): HeaderField | undefined {
    return this.#fields[this.#fieldKeys().indexOf(name.toLowerCase())];
  }

  #fieldKeys(): readonly string[] {
    this.#keys ??= this.#fields.map(({ name }) => name.toLowerCase());
    return this.#keys;
  }

  #replace(fields: HeaderField[]): void {
    this.#fields = fields;
    this.#keys = undefined;
    this.#onChange?.();
  }
}

/** The value of a field: what follows the colon, unfolded (RFC 5322 2.2.3) and trimmed. */
export function fieldValue({ name, raw }: HeaderField): string {
  const value = raw.slice(name.length).replace(/^[ \t]*:/, '');
  return trimBlanks(value.replace(/\r?\n(?=[ \t])/g, ''));
}

/**
 * A new field, folded at blanks. Line ends in the value would let it forge further headers: they become blanks.
 * @throws TypeError where the name is no field name
 */
export function makeField(name: string, value: string, lineEnd: LineEnd = '\r\n'): HeaderField {
  if (!FIELD_NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no header field name`);
  const lines = value.replaceAll('\0', '').split(/[\r\n]+/);
  const clean = trimBlanks(lines.map(trimBlanks).join(' '));
  const bytes = /[^\0-\xff]/.test(clean) ? Buffer.from(clean, 'utf8').toString('latin1') : clean;
  return { name, raw: fold(name, bytes, lineEnd) };
}

/**
 * Without blanks and line ends at both ends. Not `trim()`: that takes U+00A0 and U+0085, which here are bytes of
 * UTF-8 characters; and no pattern, because those take quadratic time on long runs of blanks.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/** Breaks a field before blanks so that lines stay within 78 characters where they can. */
function fold(name: string, value: string, lineEnd: LineEnd): string {
  // The first word stays beside the name, for a line of nothing but the name ends the header for some readers.
  const [first = '', ...words] = value.match(/[ \t]*[^ \t]+/g) ?? [];
  const lines: string[] = [];
  let current = `${name}: ${first}`;
  for (const word of words) {
    if (current.length + word.length > MAX_LINE) {
      lines.push(current);
      current = word;
    } else current += word;
  }
  return [...lines, current, ''].join(lineEnd);
}
