import type { NewMessage } from '../../new-message.ts';
import { listWord, scopeWords } from '../scope.ts';
import { NumberReader, NumberWriter } from './numbers.ts';
import { FIELDS, MAX_WORDS, messageOf, moved, placesOf } from './occurrences.ts';
import { wordKey } from './word-pages.ts';

/** The index of some messages of one list, which never changes: new messages have a segment of their own. */
export interface Segment {
  readonly members: readonly SegmentMember[];
  /** Occurrences by `wordKey`, ascending. */
  readonly words: ReadonlyMap<string, readonly number[]>;
}

/** A message of a segment; the keys of messages ascend. */
export interface SegmentMember {
  readonly id: number;
  /** How many words it has. */
  readonly length: number;
}

/** What is indexed of new messages. */
export function segmentOf(rows: readonly NewMessage[]): Segment {
  const found = new Map<string, number[]>();
  const members = rows
    .toSorted((one, other) => one.id - other.id)
    .map((row, message): SegmentMember => {
      const scope = scopeWords(row).filter((word) => word !== listWord(row.list));
      for (const word of scope) addTo(found, word, placesOf(message, 'body'));
      let length = 0;
      for (const field of FIELDS)
        length += addField(found, row.prepared.words[field], placesOf(message, field));
      return { id: row.id, length };
    });
  const words = new Map<string, number[]>();
  for (const [word, occurrences] of found) words.set(wordKey(word), occurrences);
  return { members, words };
}

/** How many words a message has, in all its fields. */
export function wordCountOf({ prepared: { words } }: NewMessage): number {
  return FIELDS.reduce(
    (count, field) => count + (words[field] === '' ? 0 : words[field].split(' ').length),
    0,
  );
}

/** @param start of the places of the field @returns how many words it has */
function addField(found: Map<string, number[]>, text: string, start: number): number {
  if (text === '') return 0;
  let place = start;
  for (const word of text.split(' ')) {
    if (place - start >= MAX_WORDS) break;
    addTo(found, word, place);
    place += 1;
  }
  return place - start;
}

function addTo(found: Map<string, number[]>, word: string, place: number): void {
  const known = found.get(word);
  if (known) known.push(place);
  else found.set(word, [place]);
}

/** Several segments as one. @param isThere whether the archive still has a message */
export function joinSegments(segments: readonly Segment[], isThere: (id: number) => boolean): Segment {
  const members = segments
    .flatMap((segment) => segment.members)
    .filter(({ id }) => isThere(id))
    .sort((one, other) => one.id - other.id);
  const places = new Map(members.map(({ id }, place) => [id, place]));
  const words = new Map<string, number[]>();
  for (const segment of segments) {
    for (const [word, occurrences] of segment.words) {
      const all = words.get(word) ?? [];
      for (const one of occurrences) {
        const place = places.get(segment.members[messageOf(one)]?.id ?? 0);
        if (place !== undefined) all.push(moved(one, place));
      }
      if (all.length > 0) words.set(word, all);
    }
  }
  for (const all of words.values()) if (!isAscending(all)) all.sort((one, other) => one - other);
  return { members, words };
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? 0) <= number);
}

export function writeMembers(members: readonly SegmentMember[]): Buffer {
  const writer = new NumberWriter();
  let last = 0;
  for (const { id, length } of members) {
    writer.number(id - last);
    writer.number(length);
    last = id;
  }
  return Buffer.from(writer.take());
}

export function readMembers(bytes: Buffer): SegmentMember[] {
  const reader = new NumberReader(bytes);
  const members: SegmentMember[] = [];
  let id = 0;
  while (!reader.isAtEnd) {
    id += reader.number();
    members.push({ id, length: reader.number() });
  }
  return members;
}
