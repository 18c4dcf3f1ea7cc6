import { join } from 'node:path';
import { PythonValues } from '../../migrate/export21/python-values.ts';
import { addTokens } from '../../migrate/export21/waiting.ts';
import { readDict } from '../../migrate/held/requests.ts';
import { charsetOfLanguage } from '../../migrate/import21/languages.ts';
import { takeListLock } from '../../migrate/mailman2/list-lock.ts';
import { writeMailman2List } from '../../migrate/mailman2/write-list.ts';
import { PyDict } from '../../migrate/pickle/values.ts';
import { writePickle } from '../../migrate/pickle/writer.ts';
import { listFolder } from '../../migrate/site/site.ts';
import { readIfThere } from '../../migrate/site/source-file.ts';
import { migratedItems } from '../../src/database/migrated-items.ts';
import { type Pending, pendingOf } from '../../src/database/pending.ts';
import type { CutoverContext, MovingList } from './context.ts';
import { rehearseLock } from './rehearse-lock.ts';

/** What members of a list have been asked from here, and Mailman 2 knows nothing of. @param keys whom it is about; all where absent */
export async function ownPending(
  { services: { database, clock } }: CutoverContext,
  { list: { listId } }: MovingList,
  keys?: readonly string[],
  connection = database.connection,
): Promise<Pending[]> {
  const theirs = await migratedItems(connection, listId, 'pending');
  const requests = [
    ...(await migratedItems(connection, listId, 'subscription')).values(),
    ...(await migratedItems(connection, listId, 'unsubscription')).values(),
  ];
  const known = new Set([...theirs.keys(), ...requests.map(({ target }) => target)]);
  const about = keys && new Set(keys);
  const all = await pendingOf(connection, listId, {}, clock.now());
  return all.filter(({ token, email }) => !known.has(token) && (!about || about.has(email)));
}

/**
 * Makes Mailman 2 know the tokens that were mailed from here to members who go back to it, so that their answers, which it gets
 * from now on, do what they say. A dry run only finds out whether it could.
 * @param keys of these members; all where absent
 * @returns how many
 * @throws ListLockError, RequestsError where its pending.pck cannot be read
 */
export async function giveTokensBack(
  context: CutoverContext,
  moving: MovingList,
  keys?: readonly string[],
): Promise<number> {
  const pending = (await ownPending(context, moving, keys)).filter(
    ({ data }) => data.token_owner !== 'moderator',
  );
  if (pending.length === 0) return 0;
  if (context.isDryRun) {
    await rehearseLock(context, moving);
    return pending.length;
  }
  const { site } = context;
  const { list, cutover } = moving;
  const lock = await takeListLock(site.path, cutover.mailman2Name);
  try {
    const path = join(listFolder(site, cutover.mailman2Name), 'pending.pck');
    const bytes = readIfThere(path);
    const former = bytes ? readDict(bytes, path) : new PyDict();
    const values = new PythonValues(charsetOfLanguage(list.settings.preferred_language));
    const { file, added } = addTokens(list, former, pending, values);
    if (file && added.length > 0)
      writeMailman2List(
        site.path,
        cutover.mailman2Name,
        new Map([['pending.pck', writePickle(file, 0)]]),
        lock,
      );
    return added.length;
  } finally {
    lock.release();
  }
}
