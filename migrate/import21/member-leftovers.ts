import { type PickleValue, PyDict } from '../pickle/values.ts';
import type { Conversion } from './conversion.ts';
import { dictAt, keep, keepOdd } from './conversion.ts';

/** The dictionaries that say who is a member. */
const ROSTERS = ['members', 'digest_members'] as const;

/** The dictionaries that say more about members. */
const DETAILS = [
  'passwords',
  'language',
  'usernames',
  'user_options',
  'topics_userinterest',
  'delivery_status',
  'bounce_info',
] as const;

type Roster = (typeof ROSTERS)[number];
type Detail = (typeof DETAILS)[number];

/** The settings of Mailman 2.1 that are keyed by member. */
export const PER_MEMBER_KEYS: readonly string[] = [...ROSTERS, ...DETAILS];

/** Gathers what the per-member dictionaries hold and no membership can take, so that it is kept under its old name. */
export class MemberLeftovers {
  readonly #conversion: Conversion;
  readonly #details: Readonly<Record<Detail, PyDict>>;
  readonly #left = new Map<string, PyDict>();

  constructor(conversion: Conversion) {
    this.#conversion = conversion;
    this.#details = Object.fromEntries(DETAILS.map((name) => [name, dictAt(conversion, name)])) as Record<
      Detail,
      PyDict
    >;
  }

  /** What a dictionary has of a member, converted; a value that `convert` cannot read is left over. */
  read<T>(name: Detail, key: PickleValue, convert: (value: PickleValue) => T | undefined): T | undefined {
    const value = this.#details[name].get(key);
    if (value === undefined || value === null) return undefined;
    const converted = convert(value);
    if (converted === undefined) this.leave(name, key, value);
    return converted;
  }

  /** Keeps one entry. */
  leave(name: Roster | Detail, key: PickleValue, value: PickleValue): void {
    const left = this.#left.get(name) ?? new PyDict();
    this.#left.set(name, left.set(key, value));
  }

  /** Keeps all that there is of a member who cannot be taken over. */
  leaveMember(roster: Roster, key: PickleValue, written: PickleValue): void {
    this.leave(roster, key, written);
    for (const name of DETAILS) {
      const value = this.#details[name].get(key);
      if (value !== undefined) this.leave(name, key, value);
    }
  }

  /** Puts everything that was left, and what is there of people who are no members any more, into the legacy settings. */
  keep(): void {
    const conversion = this.#conversion;
    for (const key of PER_MEMBER_KEYS) {
      const value = conversion.config.get(key);
      if (value !== undefined && !(value instanceof PyDict)) keepOdd(conversion, key, 'is no dictionary');
    }
    const odd = new Map([...this.#left].map(([name, entries]) => [name, entries.size]));
    this.#leaveOrphans();
    for (const [name, entries] of this.#left) {
      keep(conversion, name, entries);
      const oddCount = odd.get(name) ?? 0;
      if (oddCount > 0)
        conversion.notes.needsPerson(name, `entries that cannot be used are kept aside: ${oddCount}`);
      if (entries.size > oddCount)
        conversion.notes.keptAside(
          name,
          `entries of addresses that are no members: ${entries.size - oddCount}`,
        );
    }
  }

  #leaveOrphans(): void {
    const rosters = ROSTERS.map((name) => dictAt(this.#conversion, name));
    for (const name of DETAILS) {
      for (const [key, value] of this.#details[name]) {
        if (!rosters.some((roster) => roster.has(key))) this.leave(name, key, value);
      }
    }
  }
}
