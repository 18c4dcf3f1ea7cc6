import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { takeListLock } from '../../../migrate/mailman2/list-lock.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';

/** What is in the files of a list. */
export interface OpenList {
  readonly name: string;
  readonly varDir: string;
  readonly config: PyDict;
  /** Request id to (type, data); replaced where one is handled. */
  requests: PyDict;
}

/** Reads a list without its lock, as tools that only look do. */
export function readList(varDir: string, name: string): OpenList {
  const folder = join(varDir, 'lists', name);
  const requestFile = join(folder, 'request.pck');
  return {
    name,
    varDir,
    config: readDict(join(folder, 'config.pck')),
    requests: existsSync(requestFile) ? readDict(requestFile) : new PyDict([[PyBytes.utf8('version'), 0]]),
  };
}

/** Opens a list under its lock, and saves what `work` has changed unless it throws. */
export async function changeList<T>(varDir: string, name: string, work: (list: OpenList) => T): Promise<T> {
  const lock = await takeListLock(varDir, name, { timeout: 600, lifetime: 18_000 });
  try {
    const list = readList(varDir, name);
    const result = work(list);
    lock.refresh();
    save(list);
    return result;
  } finally {
    lock.release();
  }
}

/** The order of Mailman: the old file becomes `.last`, the new one takes its name. */
function save({ varDir, name, config, requests }: OpenList): void {
  const file = join(varDir, 'lists', name, 'config.pck');
  const fresh = `${file}.tmp.${hostname()}.${process.pid}`;
  write(fresh, writePickle(config, 1));
  rmSync(`${file}.last`, { force: true });
  if (existsSync(file)) linkSync(file, `${file}.last`);
  renameSync(fresh, file);
  const requestFile = join(varDir, 'lists', name, 'request.pck');
  write(`${requestFile}.tmp`, writePickle(requests, 1));
  renameSync(`${requestFile}.tmp`, requestFile);
}

export function write(file: string, bytes: Buffer): void {
  const handle = openSync(file, 'w', 0o660);
  writeSync(handle, bytes);
  fsyncSync(handle);
  closeSync(handle);
}

function readDict(file: string): PyDict {
  const value = readPickle(readFileSync(file));
  if (!(value instanceof PyDict)) throw new Error(`${file} is no dictionary`);
  return value;
}

/** A value as text, whatever Python calls it. */
export function text(value: PickleValue | undefined): string {
  if (value instanceof PyBytes) return value.latin1;
  return value === undefined || value === null ? '' : String(value);
}

/** A value that is a dictionary; an empty one that is stored there, where it is missing. */
export function dict(config: PyDict, key: string): PyDict {
  const found = config.get(key);
  if (found instanceof PyDict) return found;
  const made = new PyDict();
  config.set(PyBytes.utf8(key), made);
  return made;
}

/** A dictionary without one of its keys; a pickled dictionary cannot lose one. */
export function without(config: PyDict, name: string, key: string): void {
  const kept = [...dict(config, name)].filter(([one]) => text(one) !== key);
  config.set(PyBytes.utf8(name), new PyDict(kept));
}
