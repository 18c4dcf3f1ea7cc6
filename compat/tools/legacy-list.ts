import type { Connection } from '../../src/database/handle.ts';
import { allListNames, findList } from '../../src/database/lists.ts';
import { type ListName, type MailingList, postingAddress } from '../../src/model/mailing-list.ts';
import { ToolError } from './tool.ts';

/**
 * The list that an argument of an old command means: Mailman 2.1 knew lists by their name alone. Where lists of several
 * domains have the name, it does not say which; the posting address and the List-Id do.
 * @throws ToolError where several lists have the name
 */
export async function legacyList(connection: Connection, name: string): Promise<MailingList | undefined> {
  const exact = await findList(connection, name);
  if (exact || name.includes('@')) return exact;
  const wanted = name.toLowerCase();
  const same = (await allListNames(connection)).filter(({ listName }) => listName === wanted);
  if (same.length > 1)
    throw new ToolError(
      `There are several lists of this name: ${same.map(postingAddress).join(', ')}; give one of these addresses`,
    );
  return same[0] && findList(connection, same[0].listId);
}

/** The same for a tool that cannot go on without the list. @throws ToolError in Mailman 2.1's words, with this status */
export async function neededList(connection: Connection, name: string, status = 1): Promise<MailingList> {
  const list = await legacyList(connection, name);
  if (!list) throw new ToolError(`No such list: ${name}`, status);
  return list;
}

/** What each list is called: by its name as in Mailman 2.1, by its address where another domain has the name, too. */
export function legacyNames(lists: readonly (ListName & { readonly listId: string })[]): Map<string, string> {
  const counts = Map.groupBy(lists, ({ listName }) => listName);
  return new Map(
    lists.map((list) => [
      list.listId,
      (counts.get(list.listName) ?? []).length > 1 ? postingAddress(list) : list.listName,
    ]),
  );
}

/** Compares as Python does, by code. */
export function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
