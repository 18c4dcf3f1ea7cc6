import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type PickleValue, PyBytes, PyDict } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { install, MAILMAN } from '../../support/mailman.ts';
import { PYTHON3 } from '../pickle/judge.ts';

const MEMBERS = 100_000;
const LIMIT = 200e6;

/** A list as large as they come, with as much as there is about each member. */
function largeConfig(): Buffer {
  const names = ['members', 'digest_members', 'passwords', 'language', 'usernames', 'user_options'];
  const tables = new Map(names.map((name) => [name, new PyDict()]));
  const put = (name: string, key: PyBytes, value: PickleValue) => tables.get(name)?.set(key, value);
  const english = new PyBytes('en');
  for (let number = 0; number < MEMBERS; number += 1) {
    const key = new PyBytes(`reader-${number}@dept${number % 50}.example.com`);
    const written = number % 10 === 0 ? new PyBytes(`Reader-${number}@dept${number % 50}.example.com`) : 0;
    put(number % 8 === 0 ? 'digest_members' : 'members', key, written);
    put('passwords', key, new PyBytes(`secret${number}`));
    put('language', key, english);
    put('usernames', key, `Reader Number ${number} Ünïcode`);
    put('user_options', key, 256 + (number % 8));
  }
  const settings: [string, PickleValue][] = [
    ['data_version', 112],
    ['real_name', new PyBytes('Crowd')],
  ];
  return writePickle(new PyDict([...settings, ...tables].map(([name, value]) => [new PyBytes(name), value])));
}

it('100,000 members fit into 200 MB', { timeout: 240_000 }, () => {
  const server = install();
  const file = server.file('config.pck', largeConfig());
  const script = `import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)`;
  const command = [
    MAILMAN,
    '-C',
    join(server.folder, 'mailman.cfg'),
    'import21',
    '--create',
    'crowd@example.com',
    file,
  ];
  const { stdout } = spawnSync(PYTHON3, ['-c', script, ...command], { encoding: 'utf8' });
  const [status, peak] = stdout.split(' ').map(Number);
  expect(status).toBe(0);
  expect(peak).toBeLessThan(LIMIT);
  expect(server.mailman('members', 'crowd@example.com').stdout.trimEnd().split('\n')).toHaveLength(MEMBERS);
});
