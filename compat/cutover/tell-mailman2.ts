import { changedOptions, deliveryOption, type MemberOptions } from '../../migrate/mailman2/member-options.ts';
import { basesOf, handedOverOf, updateBase } from '../../src/database/handed-over.ts';
import type { Connection } from '../../src/database/handle.ts';
import { rosterEntriesOf } from '../../src/database/member-pages.ts';
import { findMembers } from '../../src/database/members.ts';
import { baseOf, type HandedOverBase } from '../../src/model/handed-over-base.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Member } from '../../src/model/member.ts';
import { preferenceNames } from '../../src/model/preferences.ts';
import { catchUp } from './catch-up.ts';
import type { CutoverContext, MovingList } from './context.ts';
import { changeMailman2Members, removeMailman2Members } from './mailman2-commands.ts';

/** What Mailman 2 does not know yet of the members that it has handed over. */
export interface Untold {
  /** Who has left here, by the addresses at Mailman 2. */
  readonly gone: readonly string[];
  /** Who has other options or another address here. */
  readonly changed: readonly Change[];
  /** Who has chosen digests, which are Mailman 2's until the lead: they go back to it. */
  readonly digests: readonly Change[];
}

interface Change {
  /** Of the address here. */
  readonly key: string;
  readonly base: HandedOverBase;
  readonly options: MemberOptions;
}

/**
 * What Mailman 2 is to be told.
 * @param repeat also what it was told before without having taken it
 */
export async function untold(connection: Connection, list: MailingList, repeat = false): Promise<Untold> {
  const { listId, settings } = list;
  const found = { gone: [] as string[], changed: [] as Change[], digests: [] as Change[] };
  const keys = await handedOverOf(connection, listId);
  if (keys.length === 0) return found;
  const members = await completeMembers(connection, listId, keys);
  const bases = await basesOf(connection, listId, keys);
  for (const key of keys) {
    const base = bases.get(key);
    const member = members.get(key);
    if (!member) {
      found.gone.push(base?.email ?? key);
      continue;
    }
    if (!base) continue;
    const options = changedOptions(baseOf(member), base, settings);
    const change = { key, base, options };
    if (member.preferences.delivery_mode !== 'regular')
      found.digests.push({
        ...change,
        options: { ...options, delivery: deliveryOption(member.preferences) },
      });
    else if (Object.keys(options).length > 0 && (repeat || !isSame(options, base.told)))
      found.changed.push(change);
  }
  return found;
}

/**
 * Tells Mailman 2 what members whom it has handed over have changed here, so that nothing of it is lost when they, or the list,
 * go back. In the step of a command.
 * @param repeat also what it was told before without having taken it
 * @returns what was done, one line each
 * @throws Mailman2CommandError, StepRefusedError
 */
export async function tellMailman2(
  context: CutoverContext,
  moving: MovingList,
  repeat = false,
): Promise<string[]> {
  const { config, database } = context.services;
  const { connection } = database;
  const { listId } = moving.list;
  const list = moving.cutover.mailman2Name;
  const { gone, changed, digests } = await untold(connection, moving.list, repeat);
  const did: string[] = [];
  if (gone.length > 0) {
    await removeMailman2Members(config, list, gone);
    did.push(`${gone.length} members who have left here were removed at Mailman 2`);
  }
  if (changed.length > 0) {
    await changeMailman2Members(config, { list, way: 'change', members: byAddress(changed) });
    for (const { key, base, options } of changed)
      await updateBase(connection, listId, key, { ...base, told: options });
    did.push(`${changed.length} members have at Mailman 2 what they changed here`);
  }
  if (digests.length > 0) {
    await changeMailman2Members(config, { list, way: 'resume', members: byAddress(digests) });
    did.push(`${digests.length} members who want digests were handed back to Mailman 2`);
  }
  if (did.length > 0) await catchUp(context, moving);
  return did;
}

/** With the options that apply to each, wherever they are set. */
async function completeMembers(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<Map<string, Member>> {
  const members = await findMembers(connection, listId, 'member', keys);
  const incomplete = [...members.values()].filter(({ preferences }) =>
    preferenceNames.some((name) => name !== 'preferred_language' && preferences[name] === null),
  );
  if (incomplete.length === 0) return members;
  const ids = incomplete.map(({ memberId }) => memberId);
  for (const { member, preferences } of await rosterEntriesOf(connection, ids)) {
    const { preferred_language } = member.preferences;
    members.set(member.email, { ...member, preferences: { ...preferences, preferred_language } });
  }
  return members;
}

function byAddress(changes: readonly Change[]): Map<string, MemberOptions> {
  return new Map(changes.map(({ base, options }) => [base.email, options]));
}

function isSame(one: MemberOptions, other: MemberOptions | undefined): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other ?? {})]);
  return [...names].every((name) => one[name] === other?.[name]);
}
