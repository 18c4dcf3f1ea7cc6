import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAddress } from '../../../src/database/addresses.ts';
import { insertCutover, moveStage } from '../../../src/database/cutover.ts';
import { insertAudit } from '../../../src/database/cutover-audit.ts';
import { insertShadowPost } from '../../../src/database/shadow-posts.ts';
import { findUser, updateUser } from '../../../src/database/users.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { Client } from '../client.ts';
import { makeSite, type Site } from '../site.ts';

let site: Site;
let list: MailingList;

beforeAll(async () => {
  site = await makeSite();
  list = await site.makeList('ant@example.com', { web_page_url: 'https://old.example.com/mailman/' });
  await site.join(list, 'admin@people.example', 'admin admin');
  await site.join(list, 'member@people.example', 'member member');
  const { connection } = site.services.database;
  const address = await findAddress(connection, 'admin@people.example');
  const user = await findUser(connection, address?.userId ?? '');
  if (user) await updateUser(connection, { ...user, isServerOwner: true });
  const now = site.services.clock.now();
  await insertCutover(connection, {
    ...{ listId: list.listId, since: now, mailman2Name: 'ant', mailman2Domain: 'localhost' },
  });
  await moveStage(connection, list.listId, { from: 'legacy', to: 'observe', now });
  await insertShadowPost(connection, {
    ...{ listId: list.listId, messageId: '<1@people.example>', stage: 'observe', receivedAt: now },
    ...{ decision: 'accept', content: Buffer.from('x') },
    outcome: {
      reasons: [],
      recipients: ['a@b.example'],
      delivered: [],
      notices: [],
      sender: '',
      subject: '',
    },
  });
  const trail = { listId: list.listId, doneAt: now, who: 'root' };
  await insertAudit(connection, { ...trail, action: 'observe', outcome: 'begun', details: {} });
  await insertAudit(connection, {
    ...{ ...trail, action: 'observe', outcome: 'done' },
    details: { did: ['its posts come <here> as well'] },
  });
  await insertAudit(connection, { ...trail, action: 'alongside', outcome: 'begun', details: {} });
});
afterAll(() => site.close());

test('the state of a cutover is for administrators', async () => {
  const client = new Client(site);
  expect((await client.request('GET', '/cutover/')).statusCode).toBe(303);
  await client.signIn('member@people.example', 'member member');
  for (const url of ['/cutover/', '/cutover/ant@example.com/'])
    expect((await client.request('GET', url)).statusCode).toBe(403);
});

test('it shows the stage, the posts, the next step and what is in its way, and renews itself', async () => {
  const client = new Client(site);
  await client.signIn('admin@people.example', 'admin admin');
  const { statusCode, body, headers } = await client.request('GET', '/cutover/');
  expect(statusCode).toBe(200);
  expect(headers.refresh).toBe('10');
  expect(body).toMatch(/aria-current="step">Watched/);
  expect(body).toContain('mailman cutover alongside ant@example.com');
  expect(body).toContain('In the way of the next step:');
  expect(body).toContain('alias_domain');
  expect(body).toContain('what came over was never compared');
  for (const part of ['Posts in the last day', 'Decided alike', '0 by Mailman 2, 0 from here'])
    expect(body).toContain(part);
  expect((await client.request('GET', '/cutover/?still=1')).headers.refresh).toBeUndefined();
  const trail = await client.open('/cutover/ant@example.com/');
  expect(trail.body).toContain('its posts come &lt;here&gt; as well');
  // Of what has ended only how; of what has not, that it was begun.
  expect(trail.body.match(/<strong>[\w-]+<\/strong> <span class="badge \w+">/g)).toEqual([
    '<strong>alongside</strong> <span class="badge begun">',
    '<strong>observe</strong> <span class="badge done">',
  ]);
});

test('until Mailman 2 has left, its pages are named and nothing is changed here', async () => {
  const client = new Client(site);
  const page = await client.open('/lists/ant@example.com/');
  expect(page.body).toContain('https://old.example.com/mailman/listinfo/ant');
  expect(page.body).not.toContain('action="/lists/ant@example.com/subscribe/"');
  expect(page.body).not.toContain('href="/lists/ant@example.com/options/"');
  await client.signIn('member@people.example', 'member member');
  expect((await client.open('/lists/ant@example.com/options/')).statusCode).toBe(409);
});

test('whoever changes a password is told which lists keep another one at Mailman 2', async () => {
  const client = new Client(site);
  await client.signIn('member@people.example', 'member member');
  const told =
    'For ant@example.com Mailman 2 keeps the password that you have there, until the list has moved.';
  expect((await client.open('/accounts/password/')).body).toContain(told);
  const wanted = { new: 'member once more', again: 'member once more' };
  await client.submit('/accounts/password/', '/accounts/password/', wanted);
  expect((await client.open('/accounts/?password=changed')).body).toContain(told);
});

test('of many lists those that wait or have moved are a line each, and not all of them at once', async () => {
  const { connection } = site.services.database;
  const now = site.services.clock.now();
  for (let number = 100; number < 205; number += 1) {
    const { listId } = await site.makeList(`many${number}@example.com`);
    const noted = { listId, since: now, mailman2Name: `many${number}`, mailman2Domain: 'localhost' };
    await insertCutover(connection, noted);
  }
  const client = new Client(site);
  await client.signIn('admin@people.example', 'admin admin');
  const lists = async (url: string): Promise<string[]> =>
    [...(await client.open(url)).body.matchAll(/href="\/cutover\/([^/"]+)\/"/g)].map(([, name = '']) => name);
  const first = await lists('/cutover/');
  expect(first.slice(0, 2)).toEqual(['ant%40example.com', 'many100%40example.com']);
  expect(first).toHaveLength(9);
  const { body } = await client.open('/cutover/');
  expect(body).toContain('<a href="/cutover/?stage=legacy">All 105 lists in this stage</a>');
  expect(await lists('/cutover/?stage=legacy')).toHaveLength(100);
  const last = await client.open('/cutover/?stage=legacy&offset=100');
  expect(last.headers.refresh).toBe('10');
  expect(last.body).toContain('href="/cutover/?stage=legacy&amp;offset=100&amp;still=1"');
  expect(await lists('/cutover/?stage=legacy&offset=100')).toEqual(
    [200, 201, 202, 203, 204].map((number) => `many${number}%40example.com`),
  );
  expect(await lists('/cutover/?stage=nonsense&offset=-1')).toEqual(first);
});
