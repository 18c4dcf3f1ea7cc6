import type { NewMessage } from '../../new-message.ts';
import { listWord, scopeWords } from '../scope.ts';
import { messageOf, moved, NumberReader, NumberWriter, occurrence } from './postings.ts';
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
  const words = new Map<string, number[]>();
  const keys = new Map<string, string>();
  const add = (word: string, one: number): void => {
    let key = keys.get(word);
    if (key === undefined) {
      key = wordKey(word);
      keys.set(word, key);
    }
    const known = words.get(key);
    if (known) known.push(one);
    else words.set(key, [one]);
  };
  const members = rows
    .toSorted((one, other) => one.id - other.id)
    .map((row, message): SegmentMember => {
      let length = 0;
      for (const word of scopeWords(row))
        if (word !== listWord(row.list)) add(word, occurrence(message, 'body', 0) ?? 0);
      for (const field of ['body', 'subject', 'sender', 'files'] as const) {
        const text = row.prepared.words[field];
        if (text === '') continue;
        for (const [place, word] of text.split(' ').entries()) {
          const one = occurrence(message, field, place);
          if (one === undefined) break;
          add(word, one);
          length += 1;
        }
      }
      return { id: row.id, length };
    });
  return { members, words };
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
