import type { Cutover } from '../../src/database/cutover.ts';
import type { Database } from '../../src/database/handle.ts';
import { outcomeChangedNothing } from '../site/run-list.ts';
import type { Site } from '../site/site.ts';
import { ChangedLists } from './changed-lists.ts';
import { type Followed, type FollowOptions, followList, followState } from './follow.ts';

/** A list in whose files something was new. */
export interface FollowedList {
  readonly cutover: Cutover;
  readonly followed: Exclude<Followed, { readonly kind: 'unchanged' }>;
}

/** How much longer than it took to apply a change the mail has for itself before the next change of that list is applied. */
const SHARE = 3;

/** The longest such pause, in milliseconds: what is new is applied soon, however large the list. */
const LONGEST_PAUSE_MS = 1500;

/** Looks at lists again and again, and applies what has changed. */
export class ListsFollower {
  readonly #database: Database;
  readonly #site: Site;
  readonly #options: FollowOptions;
  readonly #changed: ChangedLists;
  /** When a list may be applied again, in milliseconds of the process. */
  readonly #pauses = new Map<string, number>();

  constructor(database: Database, site: Site, options: FollowOptions) {
    this.#database = database;
    this.#site = site;
    this.#options = options;
    this.#changed = new ChangedLists(site);
  }

  /** One look at each; a list that was just applied with much work has to wait. */
  async look(cutovers: Iterable<Cutover>): Promise<FollowedList[]> {
    const found: FollowedList[] = [];
    for (const cutover of cutovers) {
      const { mailman2Name: name } = cutover;
      if ((this.#pauses.get(name) ?? 0) > performance.now()) continue;
      if (!this.#changed.mayHaveChanged(name) && !followState(cutover)?.problem) continue;
      this.#changed.seen(name);
      const started = performance.now();
      const followed = await followList(this.#database, this.#site, cutover, this.#options);
      if (followed.kind === 'unchanged') continue;
      // Told once, and tried again and again.
      if (isNothingNew(followed) && problemOf(followed) === followState(cutover)?.problem) continue;
      const now = performance.now();
      this.#pauses.set(name, now + Math.min(LONGEST_PAUSE_MS, SHARE * (now - started)));
      found.push({ cutover, followed });
    }
    return found;
  }
}

function problemOf(followed: FollowedList['followed']): string | null {
  return followed.kind === 'failed' ? followed.problem : followed.state.problem;
}

function isNothingNew(followed: FollowedList['followed']): boolean {
  return (
    problemOf(followed) !== null && (followed.kind === 'failed' || outcomeChangedNothing(followed.outcome))
  );
}
