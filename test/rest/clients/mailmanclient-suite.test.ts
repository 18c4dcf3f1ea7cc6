import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../peers/throwaway.ts';
import { describeWhere } from '../../support/where-available.ts';

const PACKAGES = '/usr/lib/python3/dist-packages';
const DOCUMENTS = '/usr/share/doc/python3-mailmanclient/src';
const WATCHER = fileURLToPath(new URL('watcher.py', import.meta.url));
const PROGRAMS = fileURLToPath(new URL('../../../bin', import.meta.url));

const needed: Readonly<Record<string, string>> = {
  [`${PACKAGES}/mailmanclient/tests`]: 'python3-mailmanclient',
  [`${DOCUMENTS}/using.rst.gz`]: 'python3-mailmanclient',
  [`${PACKAGES}/pytest`]: 'python3-pytest',
  [`${PACKAGES}/pytest_asyncio`]: 'python3-pytest-asyncio',
  [`${PACKAGES}/httpx`]: 'python3-httpx',
};
const missing = Object.entries(needed).find(([path]) => !existsSync(path))?.[1];

describeWhere(missing && `${missing} is not installed`, "mailmanclient's own tests", () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-mailmanclient-'));

  beforeAll(async () => {
    mkdirSync(join(folder, 'plugins'));
    copyFileSync(WATCHER, join(folder, 'plugins/watcher.py'));
    copyFileSync(`${DOCUMENTS}/conftest.py`, join(folder, 'conftest.py'));
    writeFileSync(join(folder, 'using.rst'), gunzipSync(readFileSync(`${DOCUMENTS}/using.rst.gz`)));
    writeFileSync(join(folder, 'mailman_test.cfg'), configuration(folder, await freePort()));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Everything is where they have it: `master` and `mailman` on the path, the configuration in the working folder. */
  function pytest(...options: string[]): Promise<string> {
    const command = [
      '-m',
      'pytest',
      '-q',
      '-p',
      'no:cacheprovider',
      '-p',
      'watcher',
      '--rootdir=.',
      ...options,
    ];
    const env = {
      PATH: `${PROGRAMS}:/usr/bin:/bin`,
      PYTHONPATH: join(folder, 'plugins'),
      PYTHONDONTWRITEBYTECODE: '1',
      MAILMAN_CONFIG_FILE: join(folder, 'mailman_test.cfg'),
    };
    return new Promise((resolve) => {
      execFile('/usr/bin/python3', command, { cwd: folder, env }, (_error, output, errors) => {
        resolve(output + errors);
      });
    });
  }

  test('pass', { timeout: 120_000 }, async () => {
    expect(await pytest(`${PACKAGES}/mailmanclient/tests`)).toMatch(/^36 passed in/m);
  });

  test('the examples of its documentation give what it says', { timeout: 120_000 }, async () => {
    const flags = 'doctest_optionflags=NORMALIZE_WHITESPACE ELLIPSIS';
    const output = await pytest(
      '-p',
      'mailmanclient.conftest',
      '-o',
      flags,
      '--doctest-glob=*.rst',
      'using.rst',
    );
    expect(output).toMatch(/^1 passed in/m);
  });
});

/** The archivers and the layout are those that the documentation lists. */
function configuration(folder: string, lmtpPort: number): string {
  return `[mailman]
layout: here
[paths.here]
var_dir: ${folder}/var
[webservice]
port: 9001
[web]
enabled: no
[mta]
incoming: null
lmtp_port: ${lmtpPort}
smtp_port: 1
[archiver.mail_archive]
enable: yes
[archiver.mhonarc]
enable: yes
[archiver.prototype]
enable: yes
`;
}
