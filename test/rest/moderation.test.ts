import { describe, expect, test } from 'vitest';
import { insertHeldMessage } from '../../src/database/held-messages.ts';
import { listEntries } from '../../src/database/queue-entries.ts';
import { moment } from '../database/samples.ts';
import { type Api, basic, openApiWithList, refusal, vouched } from './api.ts';

const ANT = '/3.1/lists/ant.example.com';

async function hold({ database }: Api, subject = 'Hello', text = 'Hi é'): Promise<number> {
  return insertHeldMessage(database.connection, {
    listId: 'ant.example.com',
    messageId: '<one@example.com>',
    sender: 'zed@example.com',
    subject: 'Héllo',
    reasons: ['The message is not from a list member', 'Message has no subject'],
    heldAt: moment('2024-03-09T17:04:05Z'),
    metadata: { listid: 'ant.example.com', to_list: true, moderation_reasons: ['x'] },
    content: Buffer.from(`From: zed@example.com\r\nSubject: ${subject}\r\n\r\n${text}\r\n`),
  });
}

const waitingIn = async ({ database }: Api, queue: string) =>
  (await listEntries(database.connection, queue)).length;

describe('held posts', () => {
  test('as Mailman shows them', async () => {
    const api = await openApiWithList();
    const id = await hold(api, '=?utf-8?q?H=C3=A9llo?=');
    const held = {
      request_id: id,
      listid: 'ant.example.com',
      to_list: true,
      moderation_reasons: ['x'],
      self_link: `http://localhost:8001${ANT}/held/${id}`,
      msg: 'From: zed@example.com\nSubject: =?utf-8?q?H=C3=A9llo?=\n\nHi é\n',
      message_id: '<one@example.com>',
      sender: 'zed@example.com',
      subject: 'Héllo',
      reason: 'The message is not from a list member; Message has no subject',
      hold_date: '2024-03-09T17:04:05',
      original_subject: '=?utf-8?q?H=C3=A9llo?=',
    };
    expect(await api.get(`${ANT}/held`)).toEqual({ start: 0, total_size: 1, entries: [held] });
    expect(await api.get(`${ANT}/held/${id}`)).toEqual(held);
    expect(await api.get(`${ANT}/held/count`)).toEqual({ count: 1 });
  });

  test.each([
    ['accept', 0, 'pipeline'],
    ['reject', 0, 'virgin'],
    ['discard', 0, undefined],
    ['defer', 1, undefined],
    ['hold', 1, undefined],
  ])('%s', async (action, left, queue) => {
    const api = await openApiWithList();
    const id = await hold(api);
    await api.done('POST', `${ANT}/held/${id}`, { action, comment: 'Because.' });
    expect(await api.get(`${ANT}/held/count`)).toEqual({ count: left });
    for (const name of ['pipeline', 'virgin'])
      expect(await waitingIn(api, name)).toBe(name === queue ? 1 : 0);
  });

  test('come page by page, with a tag for what they are', async () => {
    const api = await openApiWithList();
    const ids = [await hold(api), await hold(api), await hold(api)];
    expect(await api.get(`${ANT}/held?count=2&page=2`)).toMatchObject({
      start: 2,
      total_size: 3,
      entries: [{ request_id: ids[2] }],
    });
    expect(await api.get(`${ANT}/held?count=2&page=3`)).toEqual({ start: 4, total_size: 3 });
    const tag = async (): Promise<unknown> => {
      const { payload } = await api.app.inject({ url: `${ANT}/held`, headers: basic('restadmin:restpass') });
      return (JSON.parse(payload) as { http_etag: unknown }).http_etag;
    };
    const before = await tag();
    expect(before).toMatch(/^"[0-9a-f]{40}"$/);
    expect(await tag()).toBe(before);
    await api.done('POST', `${ANT}/held/${ids[0]}`, { action: 'discard' });
    expect(await tag()).not.toBe(before);
  });

  test('are read one by one while they are sent', async () => {
    const api = await openApiWithList();
    for (let count = 0; count < 40; count += 1) await hold(api, 'Large', 'x'.repeat(1_000_000));
    const root = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { body } = await fetch(`${root}${ANT}/held`, { headers: basic('restadmin:restpass') });
    const reader = body?.getReader();
    const pieces = [(await reader?.read())?.value ?? new Uint8Array()];
    await api.database.connection('held_message').delete();
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
      pieces.push(next.value);
    const { total_size, entries } = JSON.parse(Buffer.concat(pieces).toString()) as {
      total_size: number;
      entries: { msg: string }[];
    };
    expect(total_size).toBe(40);
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.length).toBeLessThan(40);
    expect(entries[0]?.msg).toContain('x'.repeat(1_000_000));
  });

  test('leave others their turn while they are sent', async () => {
    const api = await openApiWithList();
    for (let count = 0; count < 30; count += 1) await hold(api);
    let turns = 0;
    let isOver = false;
    const next = (): void => {
      turns += 1;
      if (!isOver) setImmediate(next);
    };
    setImmediate(next);
    await api.get(`${ANT}/held`);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(30);
  });

  test('what is not there, and what cannot be done', async () => {
    const api = await openApiWithList();
    const id = await hold(api);
    for (const name of ['99', 'x', '1e3']) {
      expect(await api.call('GET', `${ANT}/held/${name}`)).toMatchObject(refusal(404, '404 Not Found'));
    }
    expect(await api.call('POST', `${ANT}/held/${id}`, { action: 'x' })).toMatchObject(
      refusal(400, 'Invalid Parameter "action": Accepted Values are: hold, reject, discard, accept, defer.'),
    );
    expect(await api.call('POST', `${ANT}/held/${id}`, {})).toMatchObject(
      refusal(400, 'Missing Parameter: action'),
    );
    expect((await api.call('DELETE', `${ANT}/held/${id}`)).status).toBe(405);
  });
});

describe('requests', () => {
  async function ask(api: Api, subscriber: string, more: Record<string, string> = {}): Promise<string> {
    const sent = { list_id: 'ant.example.com', subscriber, ...more };
    const { json } = await api.call('POST', '/3.1/members', sent);
    return (json as { token: string }).token;
  }

  test('to join are listed, to leave only on demand', async () => {
    const api = await openApiWithList();
    const token = await ask(api, 'Anne@example.com', { display_name: 'Anne Person' });
    const request = {
      token,
      type: 'subscription',
      list_id: 'ant.example.com',
      email: 'anne@example.com',
      display_name: 'Anne Person',
      when: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      token_owner: 'subscriber',
    };
    expect(await api.get(`${ANT}/requests`)).toEqual({ start: 0, total_size: 1, entries: [request] });
    expect(await api.get(`${ANT}/requests/${token}`)).toEqual(request);
    expect(await api.get(`${ANT}/requests/count?token_owner=moderator`)).toEqual({ count: 0 });
    expect(await api.get(`${ANT}/requests?request_type=unsubscription`)).toEqual({ start: 0, total_size: 0 });
    await api.done('PATCH', `${ANT}/config`, { unsubscription_policy: 'moderate' });
    await api.make('/3.1/members', {
      list_id: 'ant.example.com',
      subscriber: 'bill@example.com',
      ...vouched,
    });
    await api.call('DELETE', `${ANT}/member/bill@example.com`);
    expect(await api.get(`${ANT}/requests?request_type=unsubscription`)).toMatchObject({
      entries: [{ email: 'bill@example.com', type: 'unsubscription', token_owner: 'moderator' }],
    });
  });

  test('are accepted, discarded, rejected; deferring changes nothing', async () => {
    const api = await openApiWithList();
    await api.done('PATCH', `${ANT}/config`, { subscription_policy: 'moderate' });
    const verified = { pre_verified: 'yes' };
    const decide = async (subscriber: string, action: string) => {
      const token = await ask(api, subscriber, verified);
      await api.done('POST', `${ANT}/requests/${token}`, { action, reason: 'Because.' });
    };
    await decide('a@example.com', 'accept');
    await decide('d@example.com', 'discard');
    await decide('r@example.com', 'reject');
    await decide('w@example.com', 'defer');
    expect(await api.get(`${ANT}/roster/member`)).toMatchObject({
      total_size: 1,
      entries: [{ email: 'a@example.com' }],
    });
    expect(await api.get(`${ANT}/requests`)).toMatchObject({ entries: [{ email: 'w@example.com' }] });
  });

  test('a moderator confirms in the place of the subscriber; then another has to agree', async () => {
    const api = await openApiWithList();
    await api.done('PATCH', `${ANT}/config`, { subscription_policy: 'confirm_then_moderate' });
    const token = await ask(api, 'anne@example.com');
    await api.done('POST', `${ANT}/requests/${token}`, { action: 'accept' });
    expect(await api.get(`${ANT}/requests`)).toMatchObject({ entries: [{ token_owner: 'moderator' }] });
    expect(await api.call('POST', `${ANT}/requests/${token}`, { action: 'accept' })).toMatchObject(
      refusal(404, '404 Not Found'),
    );
  });

  test('belong to their list', async () => {
    const api = await openApiWithList();
    await api.make('/3.1/lists', { fqdn_listname: 'bee@example.com' });
    const token = await ask(api, 'anne@example.com');
    expect((await api.call('GET', `/3.1/lists/bee.example.com/requests/${token}`)).status).toBe(404);
  });
});

describe('bans', () => {
  const bans = `${ANT}/bans`;

  test('of addresses and patterns, on the list and on all', async () => {
    const { make, get, call, done } = await openApiWithList();
    await make(bans, { email: 'ban@example.com' });
    expect(await make(bans, { email: '^.*@spam\\.example' })).toBe(`${bans}/%5E.%2A%40spam%5C.example`);
    await make('/3.1/bans', { email: 'site@example.com' });
    expect(await get(bans)).toEqual({
      start: 0,
      total_size: 2,
      entries: [
        {
          email: '^.*@spam\\.example',
          self_link: `http://localhost:8001${bans}/%5E.%2A%40spam%5C.example`,
          list_id: 'ant.example.com',
        },
        {
          email: 'ban@example.com',
          self_link: `http://localhost:8001${bans}/ban@example.com`,
          list_id: 'ant.example.com',
        },
      ],
    });
    expect(await get(`${bans}/x@spam.example`)).toMatchObject({ email: 'x@spam.example' });
    expect(await get(`${bans}/site@example.com`)).toMatchObject({ list_id: 'ant.example.com' });
    expect(await get('/3.1/bans/site@example.com')).not.toHaveProperty('list_id');
    expect(await call('POST', bans, { email: 'y@spam.example' })).toMatchObject(
      refusal(400, 'Address is already banned'),
    );
    expect(await call('GET', `${bans}/free@example.com`)).toMatchObject(
      refusal(404, 'Email is not banned: free@example.com'),
    );
    expect(await call('POST', bans, { email: 'foo' })).toMatchObject(
      refusal(
        400,
        'Invalid Parameter "email": Expected a valid email address or regular expression, got foo.',
      ),
    );
    await done('DELETE', `${bans}/%5E.%2A%40spam%5C.example`);
    expect((await call('GET', `${bans}/x@spam.example`)).status).toBe(404);
    // Another scope's stays.
    await done('DELETE', `${bans}/site@example.com`);
    expect(await get('/3.1/bans')).toMatchObject({ total_size: 1 });
  });
});

describe('header matches', () => {
  const matches = `${ANT}/header-matches`;
  const patterns = (json: unknown) =>
    ((json as { entries?: { pattern: string }[] }).entries ?? []).map(({ pattern }) => pattern);

  test('are kept in order, moved and renumbered', async () => {
    const { make, get, done, call } = await openApiWithList();
    expect(await make(matches, { header: 'Subject', pattern: 'a', action: 'discard', tag: 'Spam' })).toBe(
      `${matches}/0`,
    );
    await make(matches, { header: 'To', pattern: 'b' });
    await make(matches, { header: 'To', pattern: 'c', action: '' });
    expect(await get(`${matches}/0`)).toEqual({
      position: 0,
      header: 'subject',
      pattern: 'a',
      self_link: `http://localhost:8001${matches}/0`,
      action: 'discard',
      tag: 'Spam',
    });
    await done('PATCH', `${matches}/0`, { position: '2', tag: 'X' });
    expect(patterns(await get(matches))).toEqual(['b', 'c', 'a']);
    expect(await get(`${matches}/2`)).toMatchObject({ tag: 'x', action: 'discard' });
    expect(await call('PATCH', `${matches}/0`, { position: '3' })).toMatchObject(
      refusal(400, 'There are 3 header matches for this list, the new position cannot be 3 or higher'),
    );
    await done('DELETE', `${matches}/0`);
    expect(patterns(await get(matches))).toEqual(['c', 'a']);
    expect(await call('GET', `${matches}/9`)).toMatchObject(
      refusal(404, 'No header match at this position: 9'),
    );
    expect(await call('GET', `${matches}/abc`)).toMatchObject({
      status: 404,
      json: { title: '404 Not Found' },
    });
    await done('DELETE', matches);
    expect(await get(matches)).toEqual({ start: 0, total_size: 0 });
  });

  test('the same one twice, and a pattern that is none, are refused', async () => {
    const { make, call } = await openApiWithList();
    await make(matches, { header: 'Subject', pattern: 'buy' });
    expect(await call('POST', matches, { header: 'SUBJECT', pattern: 'buy' })).toMatchObject(
      refusal(400, 'This header match already exists'),
    );
    expect(await call('POST', matches, { header: 'To', pattern: '[' })).toMatchObject(
      refusal(400, 'Invalid Parameter "pattern": Expected a valid regexp, got [.'),
    );
    expect(await call('PUT', `${matches}/0`, { header: 'x' })).toMatchObject(
      refusal(400, 'Missing Parameter: pattern'),
    );
  });

  test('are found by header, action and tag', async () => {
    const { make, get, call } = await openApiWithList();
    await make(matches, { header: 'Subject', pattern: 'a', action: 'hold' });
    await make(matches, { header: 'To', pattern: 'b', tag: 'q' });
    expect(patterns(await get(`${matches}/find?header=to`))).toEqual(['b']);
    expect(patterns(await get(`${matches}/find?action=hold`))).toEqual(['a']);
    expect(await call('POST', `${matches}/find`, { tag: 'nope' })).toMatchObject(
      refusal(404, 'Cound not find any HeaderMatch for provided search options.'),
    );
    expect(await call('GET', `${matches}/find?count=1&page=1`)).toMatchObject(
      refusal(400, 'Unexpected parameters: count, page'),
    );
  });
});
