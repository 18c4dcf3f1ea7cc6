import type { SearchTerm } from './query.ts';

/** What a search asks of the index. */
export interface IndexQuery {
  readonly terms: readonly SearchTerm[];
  /** Of each group, one word of scope.ts must be there. */
  readonly scope: readonly (readonly string[])[];
}
