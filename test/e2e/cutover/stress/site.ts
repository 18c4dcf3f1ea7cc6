import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPickle } from '../../../../migrate/pickle/reader.ts';
import { PyBytes, PyDict } from '../../../../migrate/pickle/values.ts';
import { writePickle } from '../../../../migrate/pickle/writer.ts';

const PLAIN = fileURLToPath(new URL('../../../../fixtures/mailman21/lists/plain', import.meta.url));

/** Makes a site of lists that are all like `plain`, and have no members. @returns its folder */
export function makeSite(folder: string, lists: readonly string[]): string {
  mkdirSync(join(folder, 'data'), { recursive: true });
  for (const name of lists) {
    const path = join(folder, 'lists', name);
    cpSync(PLAIN, path, { recursive: true });
    const config = readPickle(readFileSync(join(path, 'config.pck')));
    if (!(config instanceof PyDict)) throw new Error('config.pck is no dictionary');
    const changes = {
      _internal_name: PyBytes.utf8(name),
      real_name: PyBytes.utf8(name),
      subject_prefix: PyBytes.utf8(`[${name}] `),
      ...{ members: new PyDict(), digest_members: new PyDict(), delivery_status: new PyDict() },
      ...{ user_options: new PyDict(), bounce_info: new PyDict() },
    };
    for (const [key, value] of Object.entries(changes)) config.set(PyBytes.utf8(key), value);
    for (const file of ['config.pck', 'config.pck.last'])
      writeFileSync(join(path, file), writePickle(config, 1));
  }
  return folder;
}
