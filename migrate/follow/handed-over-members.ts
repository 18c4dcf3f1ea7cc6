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
import type { Member } from '../../src/model/member.ts';
import { type Preferences, preferenceNames } from '../../src/model/preferences.ts';
import type { UtcTime } from '../../src/model/time.ts';

/**
 * What Mailman 2's files do to members who were handed over. What they have changed here stays: who has left is no member
 * again, and a preference that is not as Mailman 2 had it last is kept. That Mailman 2 delivers to them no more, because this
 * server does, is no reason not to. Of those whom Mailman 2 delivers to again, or who have left there, none is handed over any
 * more.
 */
export class HandedOverMembers {
  readonly #listId: string;
  readonly #bases: ReadonlyMap<string, Preferences | undefined>;
  readonly #seen = new Set<string>();
  #isAsked = false;
  readonly #returned: string[] = [];
  readonly #changedBases = new Map<string, Preferences>();

  private constructor(listId: string, bases: ReadonlyMap<string, Preferences | undefined>) {
    this.#listId = listId;
    this.#bases = bases;
  }

  static async of(connection: Connection, listId: string): Promise<HandedOverMembers> {
    const keys = await handedOverOf(connection, listId);
    const bases = keys.length > 0 ? await basesOf(connection, listId, keys) : new Map<string, Preferences>();
    return new HandedOverMembers(listId, new Map(keys.map((key) => [key, bases.get(key)])));
  }

  /** Whether members of the files were looked at: where a post was counted and nothing else, they are left alone. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** What to store of a member as the files have it; undefined for one who has left here. @param before as stored here */
  readonly reconcile = (after: Member, before: Member | undefined): Member | undefined => {
    this.#isAsked = true;
    if (after.role !== 'member' || !this.#bases.has(after.email)) return after;
    this.#seen.add(after.email);
    if (!before) return undefined;
    if (!isStopped(after)) {
      this.#returned.push(after.email);
      return after;
    }
    const theirs = asEnabled(after.preferences);
    const base = this.#bases.get(after.email);
    if (!isDeepStrictEqual(theirs, base)) this.#changedBases.set(after.email, theirs);
    const ours = before.preferences;
    const changed = preferenceNames.filter((name) => base && ours[name] !== base[name]);
    return {
      ...after,
      preferences: { ...theirs, ...Object.fromEntries(changed.map((name) => [name, ours[name]])) },
      ...{ bounce: before.bounce, deliveryStatusSince: before.deliveryStatusSince },
    };
  };

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
    await updateBase(connection, listId, member.email, asEnabled(member.preferences));
    if (isStopped(member) || member.preferences.delivery_status === null)
      await enableDelivery(connection, member, now);
  }
}

function isStopped({ preferences }: Member): boolean {
  return preferences.delivery_status === 'by_moderator';
}

function asEnabled(preferences: Preferences): Preferences {
  return { ...preferences, delivery_status: 'enabled' };
}
