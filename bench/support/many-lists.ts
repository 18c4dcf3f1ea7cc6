import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPickle } from '../../migrate/pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict } from '../../migrate/pickle/values.ts';
import { writePickle } from '../../migrate/pickle/writer.ts';
import { BIGCROWD_SIZE, bigcrowd, dictAt, ROSTERS } from './crowd.ts';

/** Members of each list: half a university's lists are no larger. */
export const MEMBERS = 40;

/**
 * Writes a site of Mailman 2.1 with many lists, each with another part of the members of bigcrowd: with 5,000 lists everybody is
 * on ten of them.
 * @returns names of the lists
 */
export function writeSite(folder: string, lists: number): string[] {
  const config = readPickle(bigcrowd());
  if (!(config instanceof PyDict)) throw new Error('bigcrowd is not a dictionary');
  const rosters = new Map(ROSTERS.map((name) => [name, dictAt(config, name)]));
  const addresses = ['members', 'digest_members'].flatMap((name) => [...dictAt(config, name).keys]);
  for (const name of ['archives/private', 'data', 'locks', 'qfiles'])
    mkdirSync(join(folder, name), { recursive: true });
  return Array.from({ length: lists }, (_, at) => {
    const name = `list-${String(at).padStart(5, '0')}`;
    const start = (at * MEMBERS) % BIGCROWD_SIZE;
    const wanted = addresses.slice(start, start + MEMBERS);
    for (const [key, all] of rosters) config.set(key, part(all, wanted));
    config.set(new PyBytes('real_name'), new PyBytes(name));
    config.set(new PyBytes('_internal_name'), new PyBytes(name));
    mkdirSync(join(folder, 'lists', name), { recursive: true });
    writeFileSync(join(folder, 'lists', name, 'config.pck'), writePickle(config));
    return name;
  });
}

function part(all: PyDict, addresses: readonly PickleValue[]): PyDict {
  const some = new PyDict();
  for (const address of addresses) {
    const value = all.get(address);
    if (value !== undefined) some.set(address, value);
  }
  return some;
}
