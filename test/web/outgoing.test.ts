import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { mail, makeSite, type Site } from './site.ts';

/** Octets of the mail that is asked for. */
const LARGE = 30_000_000;

let site: Site;
let list: MailingList;
let path: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  site = await makeSite();
  list = await site.makeList('ant@example.com', { obscure_addresses: false });
  await site.post(list, mail('large', { body: `${'x'.repeat(99)}\n`.repeat(LARGE / 100) }));
  const latest = await site.app.inject('/archives/list/ant@example.com/');
  path = `${/\/archives\/list\/[^"]*thread\/[A-Z2-7]{32}\//.exec(latest.body)?.[0].replace('thread', 'message')}raw/`;
  await site.app.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await site.close();
});

/** Asks and reads nothing behind the first octets. @returns the status */
async function askAndWait(): Promise<number> {
  const { port } = site.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: lists.example.com\r\n\r\n`);
  await once(socket, 'readable');
  const head = String(socket.read(12) ?? '');
  return Number(head.slice(9, 12));
}

describe('readers who ask for much and take nothing', () => {
  test('are refused before they fill the memory', async () => {
    const before = process.memoryUsage().rss;
    const statuses: number[] = [];
    for (let count = 0; count < 40; count += 1) statuses.push(await askAndWait());
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    expect(statuses.filter((status) => status === 503)).toHaveLength(36);
    expect(process.memoryUsage().rss - before).toBeLessThan(600_000_000);
  });

  test('do not keep small pages from others, and make room when they go', async () => {
    expect((await site.app.inject('/archives/list/ant@example.com/')).statusCode).toBe(200);
    const refused = await site.app.inject(path);
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('60');
    expect(refused.headers['cache-control']).toBe('private, no-store');
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect
      .poll(async () => (await site.app.inject({ url: path, remoteAddress: '192.0.2.1' })).statusCode)
      .toBe(200);
  });
});
