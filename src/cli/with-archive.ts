import type { Archive } from '../archiving/store/archive.ts';
import type { ArchivedList } from '../archiving/store/types.ts';
import { findList } from '../database/lists.ts';
import { UsageError } from '../errors.ts';
import type { CliContext } from './context.ts';

/** Opens the archive, runs `work`, closes it. */
export async function withArchive<T>(
  context: CliContext,
  work: (archive: Archive) => Promise<T>,
): Promise<T> {
  const { openArchive } = await import('../archiving/store/open.ts');
  const archive = await openArchive(context.config());
  try {
    return await work(archive);
  } finally {
    await archive.close();
  }
}

/** The List-Id that LISTSPEC means: of a list, or of one that is gone and has left its archive. */
async function listIdOf(context: CliContext, listSpec: string): Promise<string> {
  const list = await context.withDatabase(({ connection }) => findList(connection, listSpec));
  return list?.listId ?? listSpec.replace('@', '.').toLowerCase();
}

/**
 * The archive of a list.
 * @throws UsageError where there is none
 */
export async function namedArchive(
  context: CliContext,
  archive: Archive,
  listSpec: string,
): Promise<ArchivedList> {
  const list = await archive.list(await listIdOf(context, listSpec));
  if (!list) throw new UsageError(`No archive of such a list: ${listSpec}`);
  return list;
}
