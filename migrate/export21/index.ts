import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { makeDirectory } from '../../src/config/directories.ts';
import { autoresponsesOf } from '../../src/database/autoresponses.ts';
import { bansOf } from '../../src/database/bans.ts';
import type { Connection } from '../../src/database/handle.ts';
import { headerMatchesOf } from '../../src/database/header-matches.ts';
import { heldMessagesOf } from '../../src/database/held-messages.ts';
import { membersOfList } from '../../src/database/members.ts';
import { findMigratedSource, type MigratedItem, migratedItems } from '../../src/database/migrated-items.ts';
import { pendingOf } from '../../src/database/pending.ts';
import { templatesOf } from '../../src/database/templates.ts';
import { FerrymanError } from '../../src/errors.ts';
import { roles } from '../../src/model/enums.ts';
import { type MailingList, postingAddress } from '../../src/model/mailing-list.ts';
import type { UtcTime } from '../../src/model/time.ts';
import { heldMessageSource } from '../held/apply-held.ts';
import { findBaseline } from '../import21/baseline.ts';
import { charsetOfLanguage } from '../import21/languages.ts';
import type { Note } from '../import21/report.ts';
import { readPickle } from '../pickle/reader.ts';
import { PyDict } from '../pickle/values.ts';
import { writePickle } from '../pickle/writer.ts';
import { revertConfig } from './config.ts';
import { PythonValues } from './python-values.ts';
import { revertWaiting } from './waiting.ts';

/** The folder for an export has files of another list in it, or cannot be made. */
export class ExportError extends FerrymanError {
  override name = 'ExportError';
}

/** The files of a list of Mailman 2.1. */
export interface Exported {
  readonly list: string;
  /** By path below the folder: `config.pck`, `request.pck`, `pending.pck`, `data/heldmsg-…`. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly members: number;
  readonly notes: readonly Note[];
}

/**
 * Makes the files of which Mailman 2.1 reads what a list is here now.
 * @param there the config.pck that they take the place of: passwords of which only a hash of ours is known stay as they are
 *   in it
 */
export async function exportList(
  connection: Connection,
  list: MailingList,
  now: UtcTime,
  there = new PyDict(),
): Promise<Exported> {
  const { listId } = list;
  const members = [];
  for (const role of roles) members.push(...(await membersOfList(connection, listId, [role])));
  const baseline = await findBaseline(connection, listId);
  const { config, notes } = revertConfig({
    list,
    members,
    baseline,
    there,
    bans: (await bansOf(connection, listId)).map(({ email }) => email),
    headerMatches: await headerMatchesOf(connection, listId),
    templates: await templatesOf(connection, { scope: 'list', listId }),
    autoresponses: await autoresponsesOf(connection, listId),
  });
  const values = new PythonValues(charsetOfLanguage(list.settings.preferred_language));
  const held = await heldMessagesOf(connection, listId);
  const heldItems = await migratedItems(connection, listId, 'held_message');
  const waiting = revertWaiting(
    {
      list,
      held,
      pending: await pendingOf(connection, listId, {}, now),
      heldItems,
      formerMessages: await formerMessages(connection, listId, heldItems),
      pendingItems: await migratedItems(connection, listId, 'pending'),
      subscriptionItems: await migratedItems(connection, listId, 'subscription'),
      unsubscriptionItems: await migratedItems(connection, listId, 'unsubscription'),
      formerRequests: await formerFile(connection, listId, 'request.pck'),
      formerPending: await formerFile(connection, listId, 'pending.pck'),
    },
    values,
  );
  if (waiting.nextRequestId > list.nextRequestId) config.set('next_request_id', waiting.nextRequestId);
  const files = new Map([['config.pck', writePickle(config, 1)]]);
  if (waiting.requests) files.set('request.pck', writePickle(waiting.requests, 1));
  if (waiting.pending) files.set('pending.pck', writePickle(waiting.pending, 0));
  for (const [name, content] of waiting.messages) files.set(`data/${name}`, content);
  return {
    list: postingAddress(list),
    files,
    members: members.filter(({ role }) => role === 'member').length,
    notes: notes.all,
  };
}

/** Writes the files; nobody but their owner and group may read them. @throws ExportError where the folder is not empty */
export function writeExport({ files }: Exported, folder: string, force: boolean): void {
  makeDirectory(folder, 0o770);
  if (!force && readdirSync(folder).length > 0)
    throw new ExportError(`${folder} is not empty; --force writes into it nevertheless`);
  for (const [name, content] of files) {
    if (name.startsWith('data/')) makeDirectory(join(folder, 'data'), 0o770);
    writeFileSync(join(folder, name), content, { mode: 0o660 });
  }
}

/** A file as it was in Mailman 2.1 when it came over. */
async function formerFile(connection: Connection, listId: string, name: string): Promise<PyDict> {
  const bytes = await findMigratedSource(connection, listId, name);
  const value = bytes && readPickle(bytes);
  return value instanceof PyDict ? value : new PyDict();
}

async function formerMessages(
  connection: Connection,
  listId: string,
  items: ReadonlyMap<string, MigratedItem>,
): Promise<Map<number, Buffer>> {
  const found = new Map<number, Buffer>();
  for (const id of items.keys()) {
    const bytes = await findMigratedSource(connection, listId, heldMessageSource(Number(id)));
    if (bytes) found.set(Number(id), gunzipSync(bytes));
  }
  return found;
}
