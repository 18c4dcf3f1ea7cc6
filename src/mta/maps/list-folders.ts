import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../config/directories.ts';
import { errorCode } from '../../errors.ts';
import { domainForms } from '../../model/email-address.ts';
import { type ListName, listIdOf } from '../../model/mailing-list.ts';

/**
 * Makes a folder for each list in `list_data_dir`, which is what Exim's router looks for by what the mail says, and removes
 * the empty ones of lists that are gone.
 */
export function syncListFolders(
  lists: readonly (ListName & { readonly listId: string })[],
  listDataDir: string,
): void {
  const wanted = new Set(
    lists.flatMap(({ listId, listName, mailHost }) => [
      listId,
      ...domainForms(mailHost).map((form) => listIdOf({ listName, mailHost: form })),
    ]),
  );
  const present = readdirSync(listDataDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of present) if (!wanted.delete(name)) removeIfEmpty(join(listDataDir, name));
  for (const listId of wanted) if (isFolderName(listId)) makeDirectory(join(listDataDir, listId), 0o755);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // Another process may have removed it meanwhile.
    if (!['ENOTEMPTY', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** List names may hold nearly anything, but none may lead out of the folder. */
function isFolderName(listId: string): boolean {
  return listId !== '' && !listId.startsWith('.') && !/[/\0]/.test(listId);
}
