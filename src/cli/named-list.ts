import type { Connection } from '../database/handle.ts';
import { allLists, findList, lockList } from '../database/lists.ts';
import { UsageError } from '../errors.ts';
import type { MailingList } from '../model/mailing-list.ts';

/**
 * The list that LISTSPEC names.
 * @throws UsageError where there is none
 */
export async function namedList(connection: Connection, listSpec: string): Promise<MailingList> {
  return orRefuse(await findList(connection, listSpec), listSpec);
}

/** The same for a command that changes the list: another such command waits until this one is done. */
export async function namedListForChange(connection: Connection, listSpec: string): Promise<MailingList> {
  return orRefuse(await lockList(connection, listSpec), listSpec);
}

function orRefuse(list: MailingList | undefined, listSpec: string): MailingList {
  if (!list) throw new UsageError(`No such list: ${listSpec}`);
  return list;
}

/** The lists that these LISTSPECs name, in their order; all lists, by List-Id, where there is none. @throws UsageError */
export async function namedLists(
  connection: Connection,
  listSpecs: readonly string[],
): Promise<readonly MailingList[]> {
  if (listSpecs.length === 0) return allLists(connection);
  const lists: MailingList[] = [];
  for (const listSpec of listSpecs) lists.push(await namedList(connection, listSpec));
  return lists;
}
