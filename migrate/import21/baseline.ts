import { gunzipSync, gzipSync } from 'node:zlib';
import type { Connection } from '../../src/database/handle.ts';
import { findMigratedSource, putMigratedSource } from '../../src/database/migrated-items.ts';
import { readPickle } from '../pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict } from '../pickle/values.ts';
import { writePickle } from '../pickle/writer.ts';
import type { TextDecoding } from './charset.ts';

/**
 * The settings of a list as Mailman 2.1 had them when they came over. The way back needs them: where nothing has changed
 * here, exactly these values go back, with their Python types. Passwords are not in it, only whether they were byte
 * strings or unicode: they stand where they are used, and nowhere else.
 */

const NAME = 'config.pck';

/** Of the whole list. */
const LIST_PASSWORDS = ['password', 'mod_password', 'post_password'];

/** Keeps it, in place of an older one. */
export async function keepBaseline(
  connection: Connection,
  listId: string,
  config: PyDict,
  texts: TextDecoding,
): Promise<void> {
  const content = gzipSync(writePickle(withoutPasswords(config, texts), 2), { level: 1 });
  if (!(await findMigratedSource(connection, listId, NAME))?.equals(content))
    await putMigratedSource(connection, listId, NAME, content);
}

/** What was kept; undefined for lists that did not come from Mailman 2.1. */
export async function findBaseline(connection: Connection, listId: string): Promise<PyDict | undefined> {
  const bytes = await findMigratedSource(connection, listId, NAME);
  const value = bytes && readPickle(gunzipSync(bytes));
  return value instanceof PyDict ? value : undefined;
}

/** The same settings with empty texts for passwords. */
function withoutPasswords(config: PyDict, texts: TextDecoding): PyDict {
  const copy = new PyDict();
  for (const [key, value] of config) copy.set(key, value);
  for (const name of LIST_PASSWORDS) {
    const value = config.get(name);
    if (value !== undefined) copy.set(name, emptied(value));
  }
  const passwords = config.get('passwords');
  if (passwords instanceof PyDict)
    copy.set(
      'passwords',
      new PyDict(
        [...passwords].map(([key, value]) => [key, isReadable(value, texts) ? emptied(value) : value]),
      ),
    );
  return copy;
}

function emptied(value: PickleValue): PickleValue {
  if (value instanceof PyBytes) return new PyBytes('');
  return typeof value === 'string' ? '' : value;
}

/** What is not in the list's charset could not be written back. */
function isReadable(value: PickleValue, texts: TextDecoding): boolean {
  return !(value instanceof PyBytes) || texts.strict(value) !== undefined;
}
