/** One header field. */
export interface HeaderField {
  /** As it is written. */
  readonly name: string;
  /** The whole field, name to final line end, one character per byte (latin1). */
  readonly raw: string;
}

const MAX_LINE = 78;

/**
 * The header section of a message or part, in order. Values are handed out unfolded, one character per byte; see
 * encoded-words.ts for text. Names compare without regard to case.
 */
export class Headers {
  #fields: HeaderField[];

  constructor(fields: readonly HeaderField[] = []) {
    this.#fields = [...fields];
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
    return this.#fields.filter((field) => field.name.toLowerCase() === key).map(fieldValue);
  }

  /** Removes all fields of this name. */
  delete(name: string): void {
    const key = name.toLowerCase();
    this.#fields = this.#fields.filter((field) => field.name.toLowerCase() !== key);
  }

  /** Removes the fields that `unwanted` picks. */
  deleteWhere(unwanted: (field: HeaderField) => boolean): void {
    this.#fields = this.#fields.filter((field) => !unwanted(field));
  }

  /** Puts a field at the end. The value may be Unicode only if it is meant to be raw UTF-8 (RFC 6532). */
  append(name: string, value: string): void {
    this.#fields.push(makeField(name, value));
  }

  /** Puts a field in front of all others. */
  prepend(name: string, value: string): void {
    this.#fields.unshift(makeField(name, value));
  }

  /** Replaces the first field of this name where it stands and removes its others; appends it where there is none. */
  set(name: string, value: string): void {
    const key = name.toLowerCase();
    const index = this.#fields.findIndex((field) => field.name.toLowerCase() === key);
    if (index < 0) {
      this.append(name, value);
      return;
    }
    const field = makeField(name, value);
    this.#fields = this.#fields.flatMap((old, at) => {
      if (at === index) return [field];
      return old.name.toLowerCase() === key ? [] : [old];
    });
  }

  toBuffer(): Buffer {
    return Buffer.from(this.#fields.map(({ raw }) => raw).join(''), 'latin1');
  }

  #find(name: string): HeaderField | undefined {
    const key = name.toLowerCase();
    return this.#fields.find((field) => field.name.toLowerCase() === key);
  }
}

/** The value of a field: what follows the colon, unfolded (RFC 5322 2.2.3) and trimmed. */
export function fieldValue({ name, raw }: HeaderField): string {
  return raw
    .slice(name.length)
    .replace(/^[ \t]*:/, '')
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();
}

/**
 * A new field, folded at blanks. Line ends in the value would let it forge further headers: they become blanks.
 * @throws TypeError where the name is no field name
 */
export function makeField(name: string, value: string): HeaderField {
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name))
    throw new TypeError(`${JSON.stringify(name)} is no header field name`);
  const clean = value.replace(/\s*[\r\n]+\s*/g, ' ').replace(/\0/g, '');
  const bytes = /[^\0-\xff]/.test(clean) ? Buffer.from(clean, 'utf8').toString('latin1') : clean;
  return { name, raw: `${fold(`${name}: ${bytes}`)}\r\n` };
}

/** Breaks a line before blanks so that lines stay within 78 characters where they can. */
function fold(line: string): string {
  if (line.length <= MAX_LINE) return line;
  const words = line.split(/(?=[ \t])/);
  const lines: string[] = [];
  let current = words.shift() ?? '';
  for (const word of words) {
    // A line of nothing but the name or blanks would end the header for some readers.
    if (current.length + word.length > MAX_LINE && current.trim() !== '' && !current.trim().endsWith(':')) {
      lines.push(current);
      current = word;
    } else current += word;
  }
  return [...lines, current].join('\r\n');
}
