import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findHeldMessage, insertHeldMessage } from '../../../src/database/held-messages.ts';
import { findMembers, updateMember } from '../../../src/database/members.ts';
import { insertPending } from '../../../src/database/pending.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { laterBy } from '../../../src/model/time.ts';
import { defaultConfig } from '../../support/services.ts';
import { Client, mailsTo } from '../../web/client.ts';
import { makeSite, type Site } from '../../web/site.ts';

let site: Site;
let ant: MailingList;

beforeAll(async () => {
  site = await makeSite({ base_url: 'https://lists.example.com/' });
  ant = await site.makeList('ant@example.com', { display_name: 'Ants' });
  await site.makeList('twin@example.com');
  await site.makeList('twin@example.org');
  await site.join(ant, 'queen@people.example', 'honey honey');
});
afterAll(() => site.close());

const NEW = '/lists/ant@example.com';

describe('addresses of Mailman 2.1', () => {
  test.each([
    ['/mailman/listinfo', '/archives/'],
    ['/mailman/', '/archives/'],
    ['/mailman', '/archives/'],
    ['/mailman/listinfo/Ant', `${NEW}/`],
    ['/mailman/listinfo/ant/', `${NEW}/`],
    ['/mailman/listinfo/ant@example.com', `${NEW}/`],
    ['/cgi-bin/mailman/listinfo/ant', '/mailman/listinfo/ant'],
    ['/mailman/options/ant', `${NEW}/options/`],
    ['/mailman/options/ant/queen--at--people.example', `${NEW}/options/?email=queen%40people.example`],
    ['/mailman/options/ANT/queen@people.example', `${NEW}/options/?email=queen%40people.example`],
    [
      '/mailman/options/ant/queen%40people.example?language=de',
      `${NEW}/options/?email=queen%40people.example`,
    ],
    ['/mailman/options/ant?email=queen@people.example', `${NEW}/options/?email=queen%40people.example`],
    ['/mailman/subscribe/ant?email=a@b.example&pw=secret', `${NEW}/?email=a%40b.example#join`],
    ['/mailman/roster/ant', `${NEW}/members/`],
    ['/mailman/admin/ant', `${NEW}/settings/`],
    ['/mailman/admin/ant/privacy/sender?adminpw=secret', `${NEW}/settings/`],
    ['/mailman/admindb/ant?msgid=17', `${NEW}/moderation/`],
    ['/mailman/admindb/ant/logout', `${NEW}/moderation/`],
    ['/mailman/edithtml/ant/listinfo.html', `${NEW}/settings/`],
    ['/mailman/rmlist/ant', `${NEW}/settings/`],
    ['/mailman/confirm/ant', `${NEW}/confirm/`],
    [`/mailman/confirm/ant/${'A1'.repeat(20)}`, `${NEW}/confirm/${'a1'.repeat(20)}/`],
    [`/mailman/confirm/ant?cookie=${'a1'.repeat(20)}`, `${NEW}/confirm/${'a1'.repeat(20)}/`],
    ['/mailman/confirm/ant/broken', `${NEW}/confirm/`],
    ['/mailman/confirm', '/archives/'],
    ['/mailman/options', '/archives/'],
  ])('%s leads to %s', async (url, location) => {
    const answer = await site.app.inject({ url, headers: { cookie: 'ant+admin=28020000; site=x' } });
    expect([301, 302]).toContain(answer.statusCode);
    expect(answer.headers.location).toBe(location);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test.each([
    '/mailman/admin',
    '/mailman/create',
    '/mailman/admindb',
    '/mailman/edithtml',
    '/mailman/rmlist',
  ])('%s says where its new place is', async (url) => {
    const { statusCode, body } = await site.app.inject({ url });
    expect(statusCode).toBe(200);
    expect(body).toContain('mailman create');
  });

  test.each([
    ...['listinfo', 'options', 'subscribe', 'confirm', 'roster', 'admin', 'admindb', 'edithtml', 'rmlist'],
  ])('/mailman/%s/… of an unknown list is not found', async (name) => {
    expect((await site.app.inject({ url: `/mailman/${name}/none` })).statusCode).toBe(404);
    expect((await site.app.inject({ url: `/mailman/${name}/..%2f..%2fetc` })).statusCode).toBe(404);
  });

  test('of a name that several lists have offer a choice', async () => {
    const { statusCode, body } = await site.app.inject({ url: '/mailman/options/twin/a@b.example' });
    expect(statusCode).toBe(300);
    expect(body).toContain('href="/lists/twin@example.com/options/?email=a%40b.example"');
    expect(body).toContain('href="/lists/twin@example.org/options/?email=a%40b.example"');
  });

  test.each([
    '/mailman/options/ant///evil.example',
    '/mailman/options/ant/%2F%2Fevil.example/',
    '/mailman/listinfo/%2F%2Fevil.example',
    '/cgi-bin/mailman//evil.example/',
    '/cgi-bin/mailman/%0d%0aset-cookie:x',
    '//evil.example/mailman/listinfo/ant',
  ])('lead to no other site: %s', async (url) => {
    const { headers } = await site.app.inject({ url });
    if (headers.location === undefined) return;
    const target = new URL(String(headers.location), 'https://lists.example.com/');
    expect(target.origin).toBe('https://lists.example.com');
    expect(headers['set-cookie']).toBeUndefined();
  });
});

describe('forms of other sites', () => {
  test('fill in our form and do nothing else', async () => {
    const answer = await site.app.inject({
      method: 'POST',
      url: '/mailman/subscribe/ant',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
      payload:
        'email=visitor%40people.example&fullname=Vic&pw=secret&pw-conf=secret&digest=0&email-button=Subscribe',
    });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe(`${NEW}/?email=visitor%40people.example&name=Vic#join`);
    expect(await mailsTo(site, 'visitor@people.example')).toEqual([]);
    const { body } = await new Client(site).open(String(answer.headers.location));
    expect(body).toContain('value="visitor@people.example"');
    expect(body).toContain('value="Vic"');
  });

  test('of administration that Mailman 2.1 has shown are led on, whatever they bring', async () => {
    const send = (url: string) =>
      site.app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        payload: '--x\r\nContent-Disposition: form-data; name="adminpw"\r\n\r\nsecret\r\n--x--\r\n',
      });
    const { statusCode, headers } = await send('/mailman/admin/ant/members/add');
    expect([301, 303]).toContain(statusCode);
    expect(headers.location).toBe(`${NEW}/settings/`);
    expect((await send(`${NEW}/subscribe/`)).statusCode).toBe(403);
  });

  test('cannot act on our new pages', async () => {
    for (const rest of ['subscribe/', 'leave/', 'options/', 'confirm/', 'moderation/']) {
      const { statusCode } = await site.app.inject({
        method: 'POST',
        url: `${NEW}/${rest}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'email=visitor%40people.example',
      });
      expect(statusCode).toBe(403);
    }
  });
});

describe('a token that Mailman 2 has mailed', () => {
  const pend = async (
    token: string,
    pending: Pick<Parameters<typeof insertPending>[1], 'kind' | 'email' | 'data'>,
  ) =>
    insertPending(site.services.database.connection, {
      ...pending,
      token,
      listId: ant.listId,
      createdAt: site.services.clock.now(),
      expiresAt: laterBy(site.services.clock.now(), 3600),
    });

  test('takes back a held post, by the poster', async () => {
    const { connection } = site.services.database;
    const requestId = await insertHeldMessage(connection, {
      listId: ant.listId,
      messageId: '<held@people.example>',
      sender: 'poster@people.example',
      subject: 'A <rash> word',
      reasons: ['The message is not from a list member'],
      heldAt: site.services.clock.now(),
      metadata: {},
      content: Buffer.from('From: poster@people.example\nSubject: A <rash> word\n\nHello\n'),
    });
    const token = 'b2'.repeat(20);
    await pend(token, {
      kind: 'held_message',
      email: 'poster@people.example',
      data: { request_id: requestId },
    });
    const client = new Client(site);
    const { body } = await client.open(`/mailman/confirm/ant/${token}`);
    expect(body).toContain('A &lt;rash&gt; word');
    expect(await findHeldMessage(connection, ant.listId, requestId)).toBeDefined();
    const path = `${NEW}/confirm/${token}/`;
    expect((await client.submit(path, path, {})).body).toContain('Nobody got it.');
    expect(await findHeldMessage(connection, ant.listId, requestId)).toBeUndefined();
    expect((await client.open(path)).statusCode).toBe(404);
  });

  test('sends mail again to a member whose mail bounced', async () => {
    const { connection } = site.services.database;
    const queen = 'queen@people.example';
    const known = (await findMembers(connection, ant.listId, 'member', [queen])).get(queen);
    if (known)
      await updateMember(connection, {
        ...known,
        preferences: { ...known.preferences, delivery_status: 'by_bounces' },
      });
    const token = 'c3'.repeat(20);
    await pend(token, { kind: 're_enable', email: queen, data: {} });
    const path = `${NEW}/confirm/${token}/`;
    expect((await new Client(site).submit(`/mailman/confirm/ant/${token}`, path, {})).statusCode).toBe(200);
    const now = (await findMembers(connection, ant.listId, 'member', [queen])).get(queen);
    expect(now?.preferences.delivery_status).toBe('enabled');
  });
});

test('where old addresses are off, there is nothing', async () => {
  const legacy = { ...defaultConfig().legacy, urls: false };
  const other = await makeSite({}, { legacy });
  await other.makeList('ant@example.com');
  for (const url of ['/mailman/listinfo/ant', '/mailman/admin', '/mailman/options/ant', '/mailman/listinfo'])
    expect((await other.app.inject({ url })).statusCode).toBe(404);
  await other.close();
});
