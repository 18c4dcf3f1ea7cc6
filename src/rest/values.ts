import { SECONDS_PER_DAY, type UtcTime } from '../model/time.ts';

/** What an answer of the API consists of. JSON knows fewer kinds than Python, by which entity tags are computed. */
export type RestValue =
  | null
  | boolean
  | number
  | string
  | bigint
  | Typed
  | readonly RestValue[]
  | { readonly [key: string]: RestValue };

/** An object of an answer; its keys stay in their order. */
export type Resource = { [key: string]: RestValue };

/** A value that has a form of its own in JSON and in Python. */
export abstract class Typed {
  /** As Python's `repr` writes it. */
  abstract readonly repr: string;
  /** What JSON.stringify makes of it. */
  abstract toJSON(): unknown;
}

const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

/** A number with a fraction, also where that is zero: `30.0`. */
export class Float extends Typed {
  readonly value: number;
  readonly repr: string;

  constructor(value: number) {
    super();
    this.value = value;
    this.repr = Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
  }

  toJSON(): object {
    return rawJSON(this.repr);
  }
}

/** A whole number that may be larger than JavaScript's. */
export class BigInteger extends Typed {
  readonly repr: string;

  constructor(value: bigint) {
    super();
    this.repr = value.toString();
  }

  toJSON(): object {
    return rawJSON(this.repr);
  }
}

/** A moment: `2026-11-20T21:44:27.968567` in UTC without a zone, as Mailman writes it. */
export class Moment extends Typed {
  readonly #time: UtcTime;

  constructor(time: UtcTime) {
    super();
    this.#time = time;
  }

  get repr(): string {
    const parts = this.#time.match(/\d+/g)?.map(Number) ?? [];
    while (parts.length > 5 && parts.at(-1) === 0) parts.pop();
    return `datetime.datetime(${parts.join(', ')})`;
  }

  toJSON(): string {
    const micros = this.#time.slice(20, 26);
    return micros === '000000' ? this.#time.slice(0, 19) : this.#time.slice(0, 26);
  }
}

/** Python's `datetime.min`, Mailman's word for "never". */
export class Never extends Typed {
  readonly repr = 'datetime.datetime(1, 1, 1, 0, 0)';

  toJSON(): string {
    return '0001-01-01T00:00:00';
  }
}

/** A period of whole seconds: `7d`, `1d7200.0s`. */
export class Period extends Typed {
  readonly #days: number;
  readonly #rest: number;

  constructor(seconds: number) {
    super();
    this.#days = Math.floor(seconds / SECONDS_PER_DAY);
    this.#rest = seconds - this.#days * SECONDS_PER_DAY;
  }

  get repr(): string {
    const parts = [
      ...(this.#days === 0 ? [] : [`days=${this.#days}`]),
      ...(this.#rest === 0 ? [] : [`seconds=${this.#rest}`]),
    ];
    return `datetime.timedelta(${parts.join(', ') || '0'})`;
  }

  toJSON(): string {
    return this.#rest === 0 ? `${this.#days}d` : `${this.#days}d${this.#rest}.0s`;
  }
}

/** A member of one of Mailman's enumerations. */
export class EnumMember extends Typed {
  readonly repr: string;
  readonly #name: string;

  /** @param number its value in Mailman */
  constructor(enumeration: string, name: string, number: number) {
    super();
    this.#name = name;
    this.repr = `<${enumeration}.${name}: ${number}>`;
  }

  toJSON(): string {
    return this.#name;
  }
}
