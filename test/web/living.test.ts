import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { type RunningServer, startServer } from '../../src/server/server.ts';
import { LmtpClient } from '../mta/lmtp-client.ts';
import { install, makeList } from '../support/mailman.ts';

let server: RunningServer;

beforeAll(async () => {
  const installation = install();
  makeList(installation, 'ant@example.com', 'anne@people.example');
  const { stdout } = installation.mailman('conf', '-s', 'paths.test', '-k', 'var_dir');
  const file = installation.file(
    'server.cfg',
    `[paths.test]\nvar_dir: ${stdout.trim()}\n[mailman]\nlayout: test\n[web]\nport: 0\n[webservice]\nport: 0\n[mta]\nincoming: null\nlmtp_port: 0\n`,
  );
  server = await startServer(loadConfig({ file }));
});

afterAll(() => server.stop());

test('a post is on the web within a second of being accepted', async () => {
  const page = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${server.webPort}/archives/list/ant@example.com/`)).text();
  const waits: number[] = [];
  for (const number of [1, 2, 3]) {
    const client = await LmtpClient.transaction(server.lmtpPort ?? 0, 'ant@example.com');
    const replies = await client.data(
      `From: anne@people.example\r\nTo: ant@example.com\r\nMessage-ID: <live-${number}@people.example>\r\nSubject: A living post, ${number}\r\n\r\nHello.\r\n`,
    );
    client.close();
    expect(replies).toEqual(['250 Ok']);
    const accepted = performance.now();
    await expect.poll(page, { interval: 50 }).toContain(`A living post, ${number}`);
    waits.push(performance.now() - accepted);
  }
  expect(Math.min(...waits)).toBeLessThan(1000);
});
