/** Lines that mail servers add on the way, which say nothing about what Ferryman did. */
const TRACE = new Set([
  'return-path',
  'received',
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'delivery-date',
]);

/** A mail as it lies in a mailbox. */
export class Letter {
  /** The whole file but for the lines of the way. One character per byte. */
  readonly text: string;
  readonly body: string;
  readonly #fields: readonly (readonly [name: string, value: string])[];
  readonly #trace: string;

  constructor(file: Buffer) {
    const whole = file.toString('latin1');
    const end = whole.indexOf('\n\n');
    const head = whole.slice(0, end + 1).split(/^(?![ \t])/m);
    const isTrace = (field: string): boolean => TRACE.has(nameOf(field));
    this.#trace = head.filter(isTrace).join('');
    const kept = head.filter((field) => !isTrace(field));
    this.body = whole.slice(end + 2);
    this.text = `${kept.join('')}\n${this.body}`;
    this.#fields = kept.map((field) => [nameOf(field), unfold(field.slice(field.indexOf(':') + 1))]);
  }

  /** The unfolded value of the first field of a name, '' where there is none. */
  header(name: string): string {
    return this.headers(name)[0] ?? '';
  }

  headers(name: string): string[] {
    return this.#fields.filter(([found]) => found === name.toLowerCase()).map(([, value]) => value);
  }

  get subject(): string {
    return this.header('Subject');
  }

  /** The envelope sender, which may be international. */
  get returnPath(): string {
    const found = /^Return-path: <(.*)>$/im.exec(this.#trace)?.[1] ?? '';
    return Buffer.from(found, 'latin1').toString('utf8');
  }
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':')).toLowerCase();
}

function unfold(value: string): string {
  return value.replace(/\n(?=[ \t])/g, '').trim();
}
