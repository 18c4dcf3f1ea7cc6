import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Connection } from '../database/handle.ts';
import { deleteList } from '../database/lists.ts';
import type { MailingList } from '../model/mailing-list.ts';

/** Removes a list with all that the database has of it. Its domain, its archive and the people who were on it stay. */
export async function removeList(connection: Connection, list: MailingList): Promise<void> {
  await deleteList(connection, list.listId);
}

/** Removes the folder of a list that is gone. */
export function removeListFolder({ listId }: MailingList, listDataDir: string): void {
  // `listname_chars` may let names hold nearly anything, but none may lead out of the folder.
  if (basename(listId) === listId) rmSync(join(listDataDir, listId), { recursive: true, force: true });
}
