import type { SearchField } from '../query.ts';

/**
 * Where words stand, as numbers: which message of its segment, and which place in it. Places of fields lie so far apart
 * that no phrase goes from one into the next.
 */
export type Occurrences = readonly number[] | Float64Array;

/** Places of one field; what goes beyond is not indexed. */
const FIELD_SPAN = 2 ** 19;
/** Places of one message. */
const MESSAGE_SPAN = 4 * FIELD_SPAN;

const FIELDS: readonly ('body' | SearchField)[] = ['body', 'subject', 'sender', 'files'];

/** @param message its place in the segment @param place of the word in its field @returns undefined beyond the span */
export function occurrence(message: number, field: 'body' | SearchField, place: number): number | undefined {
  // The last place of a field stays free: the first of the next one does not follow it.
  if (place >= FIELD_SPAN - 1) return undefined;
  return message * MESSAGE_SPAN + FIELDS.indexOf(field) * FIELD_SPAN + place;
}

/** The place of the message in its segment. */
export function messageOf(one: number): number {
  return Math.floor(one / MESSAGE_SPAN);
}

export function fieldOf(one: number): 'body' | SearchField {
  return FIELDS[Math.floor((one % MESSAGE_SPAN) / FIELD_SPAN)] ?? 'body';
}

/** The same occurrence, where the message has another place in the segment. */
export function moved(one: number, message: number): number {
  return message * MESSAGE_SPAN + (one % MESSAGE_SPAN);
}

/** Numbers of seven bits an octet, the lowest first; the highest bit says that more follow. */
export class NumberWriter {
  #bytes = Buffer.allocUnsafe(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  /** @param text of characters below 256 */
  latin1(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  bytes(bytes: Buffer): void {
    this.#reserve(bytes.length);
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** What was written; the writer begins anew, and what it gave is good until it writes again. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(octets: number): void {
    if (this.#length + octets <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + octets));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads what a NumberWriter wrote; beyond the end there are zeros. */
export class NumberReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const octet = this.bytes[this.at++] ?? 0;
      if (octet < 0x80) return value + octet * factor;
      value += (octet - 0x80) * factor;
    }
  }
}

/** @param occurrences ascending */
export function writeOccurrences(writer: NumberWriter, occurrences: Occurrences): void {
  let message = 0;
  let place = 0;
  let isFirst = true;
  for (const one of occurrences) {
    const own = Math.floor(one / MESSAGE_SPAN);
    const ownPlace = one - own * MESSAGE_SPAN;
    if (isFirst || own !== message) {
      writer.number((own - message) * 2 + 1);
      writer.number(ownPlace);
    } else writer.number((ownPlace - place) * 2);
    isFirst = false;
    message = own;
    place = ownPlace;
  }
}

/** @returns ascending */
export function readOccurrences(bytes: Buffer): Float64Array {
  const found = new Float64Array(bytes.length);
  const reader = new NumberReader(bytes);
  let count = 0;
  let start = 0;
  let last = 0;
  while (!reader.isAtEnd) {
    const step = reader.number();
    if (step % 2 === 1) {
      start += ((step - 1) / 2) * MESSAGE_SPAN;
      last = start + reader.number();
    } else last += step / 2;
    found[count++] = last;
  }
  return found.subarray(0, count);
}
