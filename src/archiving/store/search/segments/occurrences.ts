import type { SearchField } from '../query.ts';
import { NumberReader, type NumberWriter } from './numbers.ts';

/**
 * Where words stand, as numbers: which message of its segment, and which place in it. Places of fields lie so far apart
 * that no phrase goes from one into the next.
 */
export type Occurrences = readonly number[] | Float64Array;

const FIELD_SPAN = 2 ** 19;
const MESSAGE_SPAN = 4 * FIELD_SPAN;
/** Words of one field; what goes beyond is not indexed. The last place is free: no word of the next field follows it. */
export const MAX_WORDS = FIELD_SPAN - 1;

/** In the order of their places. */
export const FIELDS: readonly ('body' | SearchField)[] = ['body', 'subject', 'sender', 'files'];

/** Where the places of a field begin. @param message its place in the segment */
export function placesOf(message: number, field: 'body' | SearchField): number {
  return message * MESSAGE_SPAN + FIELDS.indexOf(field) * FIELD_SPAN;
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
  while (reader.at < bytes.length) {
    const step = reader.number();
    if ((step & 1) === 1) {
      start += (step >> 1) * MESSAGE_SPAN;
      last = start + reader.number();
    } else last += step >> 1;
    found[count++] = last;
  }
  return found.subarray(0, count);
}
