import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCrowd, makeServer } from './real-server.ts';

test('a server that is started writes the maps that whoever made a list could not write', async () => {
  const server = await makeServer(1);
  const settings = join(server.folder, 'postfix.cfg');
  writeFileSync(settings, '[postfix]\ntransport_file_type: regex\n');
  const config = readFileSync(server.configFile, 'utf8');
  const postfix = `incoming: mailman.mta.postfix.LMTP\nconfiguration: ${settings}`;
  writeFileSync(server.configFile, config.replace('incoming: null', postfix));
  await server.start();
  const map = join(server.folder, 'var/data/postfix_lmtp');
  const text = (): string => (existsSync(map) ? readFileSync(map, 'utf8') : '');
  const mended = (): number => server.log('mailman.log').match(/Maps were mended/g)?.length ?? 0;
  await expect.poll(mended).toBe(1);
  expect(text()).toContain('AUTOMATICALLY GENERATED');
  await server.change((connection) => makeCrowd(connection, 'late@example.com', 1));
  await server.signal('SIGKILL');
  expect(text()).not.toContain('/^late-join@');
  await server.start();
  await expect.poll(text).toContain('/^late-join@example\\.com$/');
  expect(existsSync(join(server.folder, 'var/lists/late.example.com'))).toBe(true);
  await expect.poll(mended).toBe(2);
});
