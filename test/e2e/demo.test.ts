import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../peers/throwaway.ts';

const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'ferryman-demo-'));
const environment = { ...process.env, DEMO_FOLDER: folder, DEMO_PORT: '' };
let printed = '';

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** One that has those free beside it which the demo takes for REST and LMTP. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if ((await isFree(port + 1)) && (await isFree(port + 24))) return port;
  }
}

async function demo(...argv: readonly string[]): Promise<string> {
  const { stdout } = await run('bin/demo', argv, { cwd: ROOT, env: environment, maxBuffer: 1e7 });
  return stdout;
}

beforeAll(async () => {
  environment.DEMO_PORT = String(await freePorts());
  printed = await demo();
});

afterAll(async () => {
  await demo('stop');
  rmSync(folder, { recursive: true, force: true });
});

test('the first command brings the site over and shows its lists and members', () => {
  expect(printed).toContain('Rundbrief für Mitglieder');
  expect(printed).toContain('佐藤 花子 <Hanako.Sato@example.net>');
});

test('each page that it names shows what it says', async () => {
  const urls = [...printed.matchAll(/^ {2}(http:\S+) {2,}(.+)$/gm)].map(([, url, meaning]) => [url, meaning]);
  expect(urls.map(([, meaning]) => meaning)).toEqual([
    'the lists and their archives',
    'search, in any language',
    'an address from 2004',
  ]);
  const pages = await Promise.all(
    urls.map(async ([url]) => {
      const answer = await fetch(url ?? '');
      expect(answer.status).toBe(200);
      return answer.text();
    }),
  );
  expect(pages[0]).toContain('/archives/list/nihongo-users@lists.example.com/');
  expect(pages[1]).toContain('<mark>会合</mark>');
  expect(pages[2]).toContain('Nihongo-Users');
});

test('each command that it proposes works', async () => {
  const commands = [...printed.matchAll(/^ {2}(bin\/mailman .+)$/gm)].map(([, command]) => command ?? '');
  expect(commands).toHaveLength(4);
  const asRoot = process.getuid?.() === 0 ? '--run-as-root ' : '';
  const results = await Promise.all(
    commands.map((command) =>
      run('sh', ['-c', command.replace('bin/mailman ', `bin/mailman ${asRoot}`)], {
        cwd: ROOT,
        maxBuffer: 1e7,
      }).catch((error: { stdout: string; code: number }) => error),
    ),
  );
  const [exported, found, verified, help] = results.map(({ stdout }) => stdout);
  expect(JSON.parse(exported ?? '')).toMatchObject({ list_id: 'vereinsrundbrief.lists.example.com' });
  expect(found).toContain('anna@example.com');
  // One of its lists was damaged on purpose.
  expect(verified).toMatch(/nihongo-users@lists\.example\.com: the same/);
  expect(help).toContain('import21');
});

test('a second time it finds that nothing has changed', async () => {
  expect((await demo()).match(/: unchanged$/gm)).toHaveLength(19);
});
