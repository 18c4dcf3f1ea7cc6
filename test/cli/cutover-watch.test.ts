import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { install, succeed } from '../support/mailman.ts';
import { Client } from '../web/client.ts';
import { makeSite } from '../web/site.ts';

test('the link that is printed signs an administrator in, once, and leads to the page of the cutover', async () => {
  const server = install();
  succeed(server.mailman('create', '-q', 'ant@example.com'));
  const printed = succeed(server.mailman('cutover', 'watch', 'Anne@Example.com'));
  const link = /http:\/\/[\d.:]+(\/accounts\/link\/[\w-]{43}\/)\n/.exec(printed)?.[1] ?? '';
  const database = await openDatabase(`sqlite:///${server.folder}/var/data/mailman.db`);
  const site = await makeSite({}, {}, database);
  const client = new Client(site);
  const done = await client.submit(link, link, {});
  expect(done.headers.location).toBe('/cutover/');
  expect((await client.open('/cutover/')).statusCode).toBe(200);
  expect((await new Client(site).open(link)).statusCode).toBe(404);
  await site.close();
});

test('what is no address is refused', () => {
  const server = install();
  expect(server.mailman('cutover', 'watch', 'nobody')).toMatchObject({ status: 2, stdout: '' });
});
