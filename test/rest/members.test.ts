import { describe, expect, test } from 'vitest';
import { openApiWithList, refusal, vouched } from './api.ts';

const MEMBERS = '/3.1/members';
const ANT = '/3.1/lists/ant.example.com';
const anne = { list_id: 'ant.example.com', subscriber: 'anne@example.com' } as const;

interface Pending {
  readonly token_owner: string;
  readonly token: string;
}

describe('subscribing', () => {
  test('a member as Mailman shows it', async () => {
    const { make, get } = await openApiWithList();
    const path = await make(MEMBERS, {
      ...anne,
      subscriber: 'Anne@example.com',
      display_name: 'Anne',
      ...vouched,
    });
    const id = path.split('/').at(-1);
    const { user, ...rest } = (await get(path)) as Record<string, unknown>;
    expect(rest).toEqual({
      address: 'http://localhost:8001/3.1/addresses/anne@example.com',
      bounce_score: 0,
      last_warning_sent: '0001-01-01T00:00:00',
      total_warnings_sent: 0,
      delivery_mode: 'regular',
      email: 'anne@example.com',
      list_id: 'ant.example.com',
      subscription_mode: 'as_address',
      role: 'member',
      display_name: 'Anne',
      self_link: `http://localhost:8001${path}`,
      member_id: id,
    });
    expect(user).toMatch(/^http:\/\/localhost:8001\/3\.1\/users\/[0-9a-f]{32}$/);
    expect(await get(`/3.0/members/${BigInt(`0x${id}`)}`)).toMatchObject({ email: 'anne@example.com' });
  });

  /** rest-api.md section 6: for each policy, what a new address gets with these vouched for. */
  const none = {};
  const v = { pre_verified: 'yes' };
  const c = { pre_confirmed: 'yes' };
  const a = { pre_approved: 'yes' };
  const cases = [none, v, { ...v, ...c }, c, { ...v, ...a }, { ...v, ...c, ...a }];
  test.each([
    ['open', ['subscriber', 201, 201, 'subscriber', 201, 201]],
    ['confirm', ['subscriber', 'subscriber', 201, 'subscriber', 'subscriber', 201]],
    ['moderate', ['subscriber', 'moderator', 'moderator', 'subscriber', 201, 201]],
    ['confirm_then_moderate', ['subscriber', 'subscriber', 'moderator', 'subscriber', 'subscriber', 201]],
  ])('policy %s', async (subscription_policy, expected) => {
    const { call, done } = await openApiWithList();
    await done('PATCH', `${ANT}/config`, { subscription_policy });
    const outcomes: unknown[] = [];
    for (const [index, settled] of cases.entries()) {
      const answer = await call('POST', MEMBERS, {
        ...anne,
        subscriber: `p${index}@example.com`,
        ...settled,
      });
      outcomes.push(answer.status === 202 ? (answer.json as Pending).token_owner : answer.status);
    }
    expect(outcomes).toEqual(expected);
  });

  test('what is in the way', async () => {
    const { make, call } = await openApiWithList();
    const post = (sent: Record<string, string>) => call('POST', MEMBERS, { ...anne, ...sent });
    await make(MEMBERS, { ...anne, ...vouched });
    expect(await post({})).toMatchObject(refusal(409, 'Member already subscribed'));
    await post({ subscriber: 'bill@example.com' });
    expect(await post({ subscriber: 'bill@example.com' })).toMatchObject(
      refusal(409, 'Subscription request already pending'),
    );
    await make('/3.1/bans', { email: 'bad@example.com' });
    expect(await post({ subscriber: 'bad@example.com' })).toMatchObject(refusal(400, 'Membership is banned'));
    expect(await post({ subscriber: 'ant@example.com' })).toMatchObject(
      refusal(400, 'List posting address cannot subscribe'),
    );
    expect(await post({ list_id: 'ant@example.com' })).toMatchObject(refusal(400, 'No such list'));
    expect(await post({ subscriber: '0'.repeat(32) })).toMatchObject(refusal(400, 'No such user'));
    expect(await post({ subscriber: '12345' })).toMatchObject(
      refusal(400, 'Invalid Parameter "subscriber": .'),
    );
    await make(MEMBERS, { ...anne, role: 'owner' });
    expect(await post({ role: 'owner' })).toMatchObject(
      refusal(400, 'anne@example.com is already an owner of ant@example.com'),
    );
    expect(await post({ subscriber: 'ant@example.com', role: 'moderator' })).toMatchObject(
      refusal(400, 'List posting address cannot be added'),
    );
  });

  test('a user joins with the preferred address, which is followed', async () => {
    const { make, get, done } = await openApiWithList();
    const user = await make('/3.1/users', { email: 'cris@example.com' });
    await make(`${user}/addresses`, { email: 'cris2@example.com' });
    for (const email of ['cris@example.com', 'cris2@example.com'])
      await done('POST', `/3.1/addresses/${email}/verify`);
    await make(`${user}/preferred_address`, { email: 'cris@example.com' });
    const member = await make(MEMBERS, { ...anne, subscriber: user.split('/').at(-1) ?? '', ...vouched });
    expect(await get(member)).toMatchObject({ subscription_mode: 'as_user', email: 'cris@example.com' });
    await make(`${user}/preferred_address`, { email: 'cris2@example.com' });
    expect(await get(member)).toMatchObject({ email: 'cris2@example.com' });
  });
});

describe('changing a membership', () => {
  test('delivery, moderation and the name on this list', async () => {
    const { make, get, done, call } = await openApiWithList();
    const member = await make(MEMBERS, { ...anne, ...vouched });
    await done('PATCH', member, {
      delivery_mode: 'mime_digests',
      moderation_action: 'hold',
      display_name: 'Ann',
    });
    expect(await get(member)).toMatchObject({
      delivery_mode: 'mime_digests',
      moderation_action: 'hold',
      display_name: 'Ann',
    });
    expect(await get('/3.1/addresses/anne@example.com')).not.toHaveProperty('display_name');
    await done('PATCH', member, { moderation_action: '' });
    expect(await get(member)).not.toHaveProperty('moderation_action');
    expect(await call('PATCH', member, { foo: '1' })).toMatchObject(
      refusal(400, 'Unexpected parameters: foo'),
    );
    expect((await call('PUT', member, {})).status).toBe(405);
  });

  test('topics are written, and shown to those who ask', async () => {
    const { make, get, done } = await openApiWithList();
    const member = await make(MEMBERS, { ...anne, ...vouched });
    await done('PATCH', member, { topics: ['Cats', 'Dogs'], receive_unmatched_topics: 'yes' });
    expect(await get(member)).not.toHaveProperty('topics');
    expect(await get(`${member}?fields=email&fields=topics&fields=receive_unmatched_topics`)).toEqual({
      email: 'anne@example.com',
      topics: ['Cats', 'Dogs'],
      receive_unmatched_topics: true,
    });
  });

  test('to another address only of the same user, and only verified', async () => {
    const { make, get, done, call } = await openApiWithList();
    const member = await make(MEMBERS, { ...anne, ...vouched });
    const patch = (address: string) => call('PATCH', member, { address });
    expect(await patch('new@example.com')).toMatchObject(refusal(400, 'Address not registered'));
    await make('/3.1/users/anne@example.com/addresses', { email: 'new@example.com' });
    expect(await patch('new@example.com')).toMatchObject(refusal(400, 'Unverified address'));
    await make(MEMBERS, { ...anne, subscriber: 'bill@example.com', ...vouched });
    expect(await patch('bill@example.com')).toMatchObject(refusal(400, 'Address is not controlled by user'));
    await done('POST', '/3.1/addresses/new@example.com/verify');
    await done('PATCH', member, { address: 'new@example.com' });
    expect(await get(member)).toMatchObject({ email: 'new@example.com' });
  });
});

describe('leaving', () => {
  test.each([
    ['open', { pre_confirmed: 'no' }, 204],
    ['confirm', {}, 204],
    ['confirm', { pre_confirmed: 'no' }, 'subscriber'],
    ['confirm_then_moderate', {}, 204],
    ['moderate', {}, 'moderator'],
    ['moderate', { pre_approved: '1' }, 204],
  ])('policy %s with %j', async (unsubscription_policy, sent, expected) => {
    const { make, call, done } = await openApiWithList();
    await done('PATCH', `${ANT}/config`, { unsubscription_policy });
    const member = await make(MEMBERS, { ...anne, ...vouched });
    const { status, json } = await call('DELETE', member, sent);
    expect(status === 202 ? (json as Pending).token_owner : status).toBe(expected);
    expect((await call('GET', member)).status).toBe(status === 204 ? 404 : 200);
  });

  test('an owner leaves at once, and stays a member', async () => {
    const { make, get, done, call } = await openApiWithList();
    await make(MEMBERS, { ...anne, ...vouched });
    await make(MEMBERS, { ...anne, role: 'owner' });
    await done('DELETE', `${ANT}/owner/anne@example.com`);
    expect(await call('GET', `${ANT}/owner/anne@example.com`)).toMatchObject({
      status: 404,
      json: { title: '404 Not Found' },
    });
    expect(await get(`${ANT}/member/Anne@example.com`)).toMatchObject({ role: 'member' });
  });
});

test('preferences: what is set, and what applies in the end', async () => {
  const { make, get, done, call } = await openApiWithList();
  const member = await make(MEMBERS, { ...anne, ...vouched });
  await done('PATCH', '/3.1/users/anne@example.com/preferences', { preferred_language: 'fr' });
  await done('PATCH', '/3.1/addresses/anne@example.com/preferences', { acknowledge_posts: 'yes' });
  await done('PATCH', `${member}/preferences`, { delivery_status: 'by_user' });
  expect(await get(`${member}/preferences`)).toEqual({
    delivery_status: 'by_user',
    self_link: `http://localhost:8001${member}/preferences`,
  });
  expect(await get(`${member}/all/preferences`)).toEqual({
    acknowledge_posts: true,
    delivery_mode: 'regular',
    delivery_status: 'by_user',
    receive_list_copy: true,
    receive_own_postings: true,
    preferred_language: 'fr',
    self_link: `http://localhost:8001${member}/all/preferences`,
  });
  expect(await call('PUT', `${member}/preferences`, { delivery_status: 'enabled' })).toMatchObject(
    refusal(
      400,
      'Missing Parameter: acknowledge_posts, delivery_mode, hide_address, preferred_language, receive_list_copy, receive_own_postings',
    ),
  );
  await done('DELETE', `${member}/preferences`);
  expect(await get(`${member}/preferences`)).toEqual({
    self_link: `http://localhost:8001${member}/preferences`,
  });
});
