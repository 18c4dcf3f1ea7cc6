import { expect, test } from 'vitest';
import { listPage } from '../../src/database/list-pages.ts';
import { memberCounts } from '../../src/database/member-counts.ts';
import { everybodyPage, rosterPage, searchMembers } from '../../src/database/member-pages.ts';
import { addressPage, userPage } from '../../src/database/people-pages.ts';
import { onEachDialect } from '../database/dialects.ts';
import { sampleList, storeList, storeMember } from '../database/samples.ts';
import { openApiWithList, refusal, vouched } from './api.ts';

const ANT = '/3.1/lists/ant.example.com';

async function apiWithPeople() {
  const api = await openApiWithList();
  const join = (subscriber: string, more: Record<string, string> = vouched) =>
    api.make('/3.1/members', { list_id: 'ant.example.com', subscriber, ...more });
  await join('Bill@example.com', { ...vouched, display_name: 'Bill Person' });
  await join('anne@example.com');
  await join('cate@example.com', { role: 'moderator' });
  await join('anne@example.com', { role: 'owner' });
  await join('non@example.com', { role: 'nonmember' });
  return api;
}

const emails = (json: unknown) =>
  ((json as { entries?: { email: string; role: string }[] }).entries ?? []).map(
    ({ email, role }) => `${role} ${email}`,
  );

test('all members: owners, moderators, members; no nonmembers', async () => {
  const { get, call } = await apiWithPeople();
  expect(emails(await get('/3.1/members'))).toEqual([
    'owner anne@example.com',
    'moderator cate@example.com',
    'member anne@example.com',
    'member bill@example.com',
  ]);
  expect(emails(await get('/3.1/members?count=2&page=2'))).toEqual([
    'member anne@example.com',
    'member bill@example.com',
  ]);
  expect(await get('/3.1/members?fields=email&count=1&page=1')).toEqual({
    start: 0,
    total_size: 4,
    entries: [{ email: 'anne@example.com' }],
  });
  expect(await call('GET', '/3.1/members?fields=nope')).toMatchObject(
    refusal(
      400,
      'Unknown field "nope" for Member resource. Allowed fields are: address, bounce_score, last_bounce_received, last_warning_sent, total_warnings_sent, delivery_mode, email, list_id, subscription_mode, role, user, moderation_action, display_name, self_link, member_id',
    ),
  );
});

test('rosters by role, by address', async () => {
  const { get, call } = await apiWithPeople();
  expect(emails(await get(`${ANT}/roster/member`))).toEqual([
    'member anne@example.com',
    'member bill@example.com',
  ]);
  expect(emails(await get(`${ANT}/roster/nonmember`))).toEqual(['nonmember non@example.com']);
  expect(await get(`${ANT}/roster/member?count=1&page=9`)).toEqual({ start: 8, total_size: 2 });
  expect((await call('GET', `${ANT}/roster/foo`)).status).toBe(404);
  expect((await call('GET', `${ANT}/roster`)).status).toBe(404);
});

test('many are removed at once, from the role that the path names', async () => {
  const { get, call } = await apiWithPeople();
  const removed = await call('DELETE', `${ANT}/roster/owner`, {
    emails: ['anne@example.com', 'no@example.com'],
  });
  expect(removed).toMatchObject({
    status: 200,
    json: { 'anne@example.com': true, 'no@example.com': false },
  });
  expect(await get(`${ANT}/roster/owner`)).toEqual({ start: 0, total_size: 0 });
  expect(await get(`${ANT}/roster/member`)).toMatchObject({ total_size: 2 });
});

test.each([
  ['subscriber=ANNE@example.com', ['member anne@example.com', 'owner anne@example.com']],
  ['subscriber=*person', ['member bill@example.com']],
  ['subscriber=*i*@example.com&role=member', ['member bill@example.com']],
  ['subscriber=b_ll*', []],
  ['role=nonmember', ['nonmember non@example.com']],
  [
    'list_id=ant.example.com&moderation_action=accept',
    ['owner anne@example.com', 'moderator cate@example.com'],
  ],
  ['moderation_action=&role=member', ['member anne@example.com', 'member bill@example.com']],
  ['delivery_mode=mime_digests', []],
  ['', []],
])('find %s', async (query, expected) => {
  const { get } = await apiWithPeople();
  expect(emails(await get(`/3.1/members/find?${query}`))).toEqual(expected);
});

await onEachDialect('pages of people', (place) => {
  test('come from the database in the right order', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    for (const email of ['b@example.com', 'A@example.com', 'c@example.com'])
      await storeMember(connection, list, email, { user: { displayName: `Name of ${email}` } });
    const page = { start: 1, count: 1 };
    const whole = { start: 0, count: undefined };
    const roster = await rosterPage(connection, list.listId, 'member', page);
    expect([roster.total, roster.rows.map(({ member }) => member.email)]).toEqual([3, ['b@example.com']]);
    const everybody = await everybodyPage(connection, { start: 2, count: 5 });
    expect(everybody.rows.map(({ member }) => member.email)).toEqual(['c@example.com']);
    const found = await searchMembers(connection, { subscriber: 'A*', deliveryMode: 'regular' }, whole);
    expect(found.rows.map(({ member }) => member.email)).toEqual(['a@example.com']);
    const addresses = await addressPage(connection, whole);
    expect(addresses.rows.map(({ originalEmail }) => originalEmail)).toEqual([
      'A@example.com',
      'b@example.com',
      'c@example.com',
    ]);
    expect((await userPage(connection, { text: 'OF B' }, whole)).total).toBe(1);
    expect((await userPage(connection, { text: 'c@exam' }, whole)).total).toBe(1);
    expect((await listPage(connection, { advertised: true }, whole)).total).toBe(1);
    expect((await memberCounts(connection, [list.listId])).get(list.listId)).toBe(3);
    await storeMember(connection, list, 'd@example.com');
    expect((await memberCounts(connection, [list.listId])).get(list.listId)).toBe(4);
  });
});
