import type { Action } from './enums.ts';

/** The header name that stands for "any header": the pattern is then searched in each `Name: value` line. */
export const ANY_HEADER = '*';

/** What to do with posts one of whose headers matches. They are tried in order; the first match decides. */
export interface HeaderMatch {
  /** Lower-case header name, or ANY_HEADER. */
  readonly header: string;
  /** A regular expression, searched without regard to case. */
  readonly pattern: string;
  /** Null: the chain that `[antispam] jump_chain` names. */
  readonly action: Action | null;
  readonly tag: string | null;
}
