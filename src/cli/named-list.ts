import type { Connection } from '../database/handle.ts';
import { findList, lockList } from '../database/lists.ts';
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
