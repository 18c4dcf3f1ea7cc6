import type { Connection } from './handle.ts';
import { databaseState } from './state.ts';

/** A place in a roster: what stands from `offset` on comes behind this address. */
export interface RosterPlace {
  readonly offset: number;
  readonly email: string;
}

/** Places of one roster that are remembered. */
const MOST_PLACES = 5000;

/** The places of a roster that somebody has read up to, by offset. */
export class RosterPlaces {
  readonly #places: RosterPlace[] = [];

  /** The last known place that is not behind this offset. */
  before(offset: number): RosterPlace | undefined {
    return this.#places[this.#countUpTo(offset) - 1];
  }

  note(place: RosterPlace): void {
    const index = this.#countUpTo(place.offset);
    if (this.#places[index - 1]?.offset === place.offset || this.#places.length >= MOST_PLACES) return;
    this.#places.splice(index, 0, place);
  }

  #countUpTo(offset: number): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const known = new WeakMap<
  Connection,
  { readonly state: string; readonly rosters: Map<string, RosterPlaces> }
>();

/**
 * The known places of a roster, as long as nothing has changed in the database: a page is then found where the one before
 * it ended, instead of by counting from the beginning. Undefined where that cannot be told.
 * @param roster names it
 */
export async function rosterPlaces(
  connection: Connection,
  roster: string,
): Promise<RosterPlaces | undefined> {
  const state = await databaseState(connection);
  if (state === undefined) return undefined;
  let last = known.get(connection);
  if (last?.state !== state) {
    last = { state, rosters: new Map() };
    known.set(connection, last);
  }
  const places = last.rosters.get(roster) ?? new RosterPlaces();
  last.rosters.set(roster, places);
  return places;
}
