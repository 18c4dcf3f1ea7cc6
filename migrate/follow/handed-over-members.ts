import { isDeepStrictEqual } from 'node:util';
import {
  basesOf,
  deleteHandedOver,
  handedOverOf,
  insertHandedOver,
  updateBase,
} from '../../src/database/handed-over.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findMembers } from '../../src/database/members.ts';
import { enableDelivery } from '../../src/membership/preferences.ts';
import { baseOf, type HandedOverBase } from '../../src/model/handed-over-base.ts';
import type { Member } from '../../src/model/member.ts';
import { initialSettings, type ListSettings } from '../../src/model/settings/index.ts';
import type { UtcTime } from '../../src/model/time.ts';
import type { Reconciler } from '../import21/apply-members.ts';
import { mergedWith } from '../mailman2/member-options.ts';

/**
 * What Mailman 2's files do to members who were handed over. What they have changed here stays: who has left is no member
 * again, who has another address keeps it, and an option that is not as Mailman 2 had it last is kept. That Mailman 2 delivers
 * to them no more, because this server does, is no reason not to. Of those whom Mailman 2 delivers to again, or who have left
 * there, none is handed over any more.
 */
export class HandedOverMembers implements Reconciler {
  readonly #listId: string;
  readonly #settings: ListSettings;
  readonly #bases: ReadonlyMap<string, HandedOverBase | undefined>;
  /** Keys of the addresses that they have here, by those that they have at Mailman 2 still. */
  readonly #moved: ReadonlyMap<string, string>;
  /** Of those that were moved, who is still a member. */
  readonly #present: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  #isAsked = false;
  readonly #returned = new Set<string>();
  readonly #changedBases = new Map<string, HandedOverBase>();

  private constructor(
    listId: string,
    settings: ListSettings,
    bases: ReadonlyMap<string, HandedOverBase | undefined>,
    moved: ReadonlyMap<string, string>,
    present: ReadonlySet<string>,
  ) {
    this.#listId = listId;
    this.#settings = settings;
    this.#bases = bases;
    this.#moved = moved;
    this.#present = present;
  }

  /** @param settings of the list */
  static async of(
    connection: Connection,
    listId: string,
    settings = initialSettings(),
  ): Promise<HandedOverMembers> {
    const keys = await handedOverOf(connection, listId);
    const known =
      keys.length > 0 ? await basesOf(connection, listId, keys) : new Map<string, HandedOverBase>();
    const bases = new Map(keys.map((key) => [key, known.get(key)]));
    const moved = new Map<string, string>();
    for (const [key, { email }] of known) if (email !== key) moved.set(email, key);
    const present =
      moved.size > 0 ? await findMembers(connection, listId, 'member', [...moved.values()]) : new Map();
    return new HandedOverMembers(listId, settings, bases, moved, new Set(present.keys()));
  }

  /** Whether members of the files were looked at: where a post was counted and nothing else, they are left alone. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  decide(after: Member, before: Member | undefined): Member | undefined {
    this.#isAsked = true;
    if (after.role !== 'member') return after;
    const movedTo = this.#bases.has(after.email) ? undefined : this.#moved.get(after.email);
    const key = movedTo ?? after.email;
    if (!this.#bases.has(key)) return after;
    this.#seen.add(key);
    if (movedTo === undefined ? !before : !this.#present.has(movedTo)) return undefined;
    if (!isStopped(after)) {
      this.#returned.add(key);
      return after;
    }
    // What Mailman 2 has changed meanwhile is seen when it knows the new address.
    if (movedTo !== undefined || !before) return undefined;
    return this.#merged(after, before);
  }

  /** Who has another address at Mailman 2 is in its files under that one. */
  stays(key: string): boolean {
    return this.#seen.has(key) && !this.#returned.has(key);
  }

  #merged(after: Member, before: Member): Member {
    const theirs = baseOf(after);
    const base = this.#bases.get(after.email);
    const { told: _, ...known } = base ?? { ...theirs, told: undefined };
    if (!base || !isDeepStrictEqual(theirs, known)) this.#changedBases.set(after.email, theirs);
    const merged = base ? mergedWith(theirs, baseOf(before), base, this.#settings) : theirs;
    const { options, told: __, ...own } = merged;
    return {
      ...after,
      ...own,
      preferences: { ...own.preferences, delivery_status: before.preferences.delivery_status },
      legacy: after.legacy && { ...after.legacy, options },
      ...{ bounce: before.bounce, deliveryStatusSince: before.deliveryStatusSince },
    };
  }

  /** After all members of the files were stored, in the same transaction. */
  async store(connection: Connection): Promise<void> {
    for (const [key, base] of this.#changedBases) await updateBase(connection, this.#listId, key, base);
    const gone = [...this.#bases.keys()].filter((key) => !this.#seen.has(key));
    await deleteHandedOver(connection, this.#listId, [...this.#returned, ...gone]);
  }
}

/** From now on this server delivers to these members, whom Mailman 2 delivers to no more. In a transaction. */
export async function takeMembers(
  connection: Connection,
  listId: string,
  keys: readonly string[],
  now: UtcTime,
): Promise<void> {
  await insertHandedOver(connection, listId, keys, now);
  const members = await findMembers(connection, listId, 'member', keys);
  for (const member of members.values()) {
    await updateBase(connection, listId, member.email, baseOf(member));
    if (isStopped(member) || member.preferences.delivery_status === null)
      await enableDelivery(connection, member, now);
  }
}

function isStopped({ preferences }: Member): boolean {
  return preferences.delivery_status === 'by_moderator';
}
