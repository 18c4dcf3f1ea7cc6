import type { Big } from '../statements.ts';

/** A message that fits what is searched. */
export interface Candidate {
  readonly id: number;
  readonly date: Big;
  /** The smaller, the better. */
  readonly score: number;
}

export interface Found {
  /** The newest first. */
  readonly found: Candidate[];
  /** Whether there may be others that were not looked at. */
  readonly hasMore: boolean;
}

/** What narrows a search, and how much of it is wanted. */
export interface CandidateSearch {
  readonly lists: readonly number[];
  /** Epoch milliseconds, included, and excluded. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly order: 'relevance' | 'date';
  /** Newest messages that fit; no more are looked for. */
  readonly most: number;
  /** How many the page needs. */
  readonly enough: number;
}
