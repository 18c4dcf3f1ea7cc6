import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { uninterrupted } from '../../thread.ts';
import { NumberReader, NumberWriter } from './numbers.ts';
import { type Occurrences, readOccurrences, writeOccurrences } from './occurrences.ts';

/** Words of a segment that stand beside each other, with their occurrences, compressed. */
export interface WordPage {
  /** The first word, as UTF-8. */
  readonly first: Buffer;
  readonly content: Buffer;
}

/** Octets of a page before it is compressed; a word of many occurrences makes a larger one. */
const PAGE = 8192;
const LEVEL = { [constants.ZSTD_c_compressionLevel]: 3 };
const ASCII_ONLY = /^[\0-\x7f]*$/;

/** A word with a character for each octet of its UTF-8, so that words are in order as PostgreSQL compares octets. */
export function wordKey(word: string): string {
  return ASCII_ONLY.test(word) ? word : Buffer.from(word, 'utf8').toString('latin1');
}

/** @param words occurrences by `wordKey` */
export function* writePages(words: ReadonlyMap<string, Occurrences>): Generator<WordPage> {
  const page = new NumberWriter();
  const own = new NumberWriter();
  let first = '';
  let previous = '';
  const done = (): WordPage => ({
    first: Buffer.from(first, 'latin1'),
    content: uninterrupted(() => zstdCompressSync(page.take(), { params: LEVEL })),
  });
  for (const word of [...words.keys()].sort()) {
    if (page.length === 0) {
      first = word;
      previous = '';
    }
    const shared = sharedLength(previous, word);
    page.number(shared);
    page.number(word.length - shared);
    page.latin1(word.slice(shared));
    writeOccurrences(own, words.get(word) ?? []);
    page.number(own.length);
    page.bytes(own.take());
    previous = word;
    if (page.length >= PAGE) yield done();
  }
  if (page.length > 0) yield done();
}

/**
 * The words of a page from one to another, in order.
 * @param from a `wordKey`
 * @param isWanted whether a word from there on is meant; the first that is not ends it
 */
export function* readPage(
  content: Buffer,
  from: string,
  isWanted: (word: string) => boolean,
): Generator<readonly [word: string, occurrences: Float64Array]> {
  const reader = new NumberReader(uninterrupted(() => zstdDecompressSync(content)));
  const { bytes } = reader;
  let word = '';
  while (!reader.isAtEnd) {
    const shared = reader.number();
    const length = reader.number();
    word = word.slice(0, shared) + bytes.toString('latin1', reader.at, reader.at + length);
    reader.at += length;
    const octets = reader.number();
    const start = reader.at;
    reader.at += octets;
    if (word < from) continue;
    if (!isWanted(word)) return;
    yield [word, readOccurrences(bytes.subarray(start, reader.at))];
  }
}

function sharedLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}
