import type { Surroundings } from '../mbox/separator.ts';
import { FIRST, type NumberingState } from '../pipermail/numbering.ts';
import { type Counts, emptyCounts } from './report.ts';

/**
 * What an import has to know to go on after a kill, or with what an mbox has grown by since: noted with the messages
 * of each batch, in the same transaction. Reading begins again with the last message that was stored, because it may
 * not have been whole when the file was read.
 */
export interface ImportState {
  readonly version: 1;
  /** Numbers and dates after the last message. */
  readonly numbering: NumberingState;
  /** See PageMatcher. */
  readonly shift: number;
  /** The date that a message without any gets: that of the one before, epoch milliseconds. */
  readonly neighbour: number | undefined;
  readonly last: LastEntry | undefined;
  readonly counts: Counts;
}

/** The last entry that was read, and what was known before it. */
export interface LastEntry {
  readonly offset: number;
  readonly length: number;
  /** Bytes without line ends at the end, and their SHA-256. */
  readonly trimmed: number;
  readonly sha256: string;
  /** Its Message-ID-Hash; undefined where it was left out (`--since`). */
  readonly hash: string | undefined;
  /** Whether the file ended with it. */
  readonly isAtEnd: boolean;
  readonly before: {
    readonly surroundings: Surroundings;
    readonly numbering: NumberingState;
    readonly neighbour: number | undefined;
    readonly counts: Counts;
  };
}

/** Before anything was read. */
export const INITIAL: ImportState = {
  version: 1,
  numbering: FIRST,
  shift: 0,
  neighbour: undefined,
  last: undefined,
  counts: emptyCounts,
};

/** Reads what was noted; the beginning where nothing was, or by another version. */
export function readState(json: string): ImportState {
  if (json === '') return INITIAL;
  try {
    const value: unknown = JSON.parse(json);
    return isState(value) ? value : INITIAL;
  } catch {
    return INITIAL;
  }
}

function isState(value: unknown): value is ImportState {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}
