import type { Connection } from '../../src/database/handle.ts';
import { findMigratedSource, putMigratedSource } from '../../src/database/migrated-items.ts';
import { eachPickle } from '../pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict, PyTuple } from '../pickle/values.ts';
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

/** Entries of a dictionary that are written at once; bounds the memory that a large list takes. */
const SLICE = 5000;

/** Keeps it, in place of an older one. @param onPart called before each part is stored */
export async function keepBaseline(
  connection: Connection,
  listId: string,
  config: PyDict,
  texts: TextDecoding,
  onPart: () => void = () => {},
): Promise<void> {
  await putMigratedSource(connection, listId, NAME, announced(parts(config, texts), onPart));
}

function* announced(pieces: Iterable<Buffer>, onPart: () => void): Generator<Buffer> {
  for (const piece of pieces) {
    onPart();
    yield piece;
  }
}

/** What was kept; undefined for lists that did not come from Mailman 2.1. */
export async function findBaseline(connection: Connection, listId: string): Promise<PyDict | undefined> {
  const bytes = await findMigratedSource(connection, listId, NAME);
  if (!bytes) return undefined;
  const config = new PyDict();
  for (const part of eachPickle(bytes)) {
    if (part instanceof PyDict) for (const [key, value] of part) config.set(key, value);
    const [key = null, slice] = part instanceof PyTuple ? part.items : [];
    const dict = config.get(key);
    if (dict instanceof PyDict && slice instanceof PyDict)
      for (const [entry, value] of slice) dict.set(entry, value);
  }
  return config;
}

/** Pickles: all but large dictionaries, which are empty there, and then the entries of those, slice by slice. */
function* parts(config: PyDict, texts: TextDecoding): Generator<Buffer> {
  const small = new PyDict();
  const large: [PickleValue, PyDict][] = [];
  for (const [key, value] of config) {
    const name = key instanceof PyBytes ? key.latin1 : key;
    const isPassword = typeof name === 'string' && LIST_PASSWORDS.includes(name);
    if (value instanceof PyDict && (name === 'passwords' || value.size > SLICE)) {
      small.set(key, new PyDict());
      large.push([key, value]);
    } else small.set(key, isPassword ? emptied(value) : value);
  }
  yield writePickle(small, 2);
  for (const [key, dict] of large) {
    const hidesValues = (key instanceof PyBytes ? key.latin1 : key) === 'passwords';
    let slice = new PyDict();
    for (const [entry, value] of dict) {
      slice.set(entry, hidesValues && isReadable(value, texts) ? emptied(value) : value);
      if (slice.size < SLICE) continue;
      yield writePickle(new PyTuple([key, slice]), 2);
      slice = new PyDict();
    }
    if (slice.size > 0) yield writePickle(new PyTuple([key, slice]), 2);
  }
}

function emptied(value: PickleValue): PickleValue {
  if (value instanceof PyBytes) return new PyBytes('');
  return typeof value === 'string' ? '' : value;
}

/** What is not in the list's charset could not be written back. */
function isReadable(value: PickleValue, texts: TextDecoding): boolean {
  return !(value instanceof PyBytes) || texts.strict(value) !== undefined;
}
