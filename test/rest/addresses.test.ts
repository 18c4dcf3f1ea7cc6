import { expect, test } from 'vitest';
import { openApiWithList, refusal, vouched } from './api.ts';

const ANNE = '/3.1/addresses/anne@example.com';

async function apiWithAnne() {
  const api = await openApiWithList();
  await api.make('/3.1/members', {
    list_id: 'ant.example.com',
    subscriber: 'Anne@example.com',
    display_name: 'Anne',
    ...vouched,
  });
  return api;
}

test('an address as Mailman shows it, in any case', async () => {
  const { get, call } = await apiWithAnne();
  const address = await get(ANNE);
  expect(address).toMatchObject({
    email: 'anne@example.com',
    original_email: 'Anne@example.com',
    self_link: `http://localhost:8001${ANNE}`,
    display_name: 'Anne',
  });
  expect(await get('/3.1/addresses/ANNE@example.com')).toEqual(address);
  expect((await call('POST', '/3.1/addresses', {})).status).toBe(405);
});

test('a plus, a percent sign and other alphabets in an address', async () => {
  const { make, get } = await openApiWithList();
  for (const subscriber of ['a+b@example.com', '100%@example.com', 'josé@bücher.example']) {
    await make('/3.1/members', { list_id: 'ant.example.com', subscriber, ...vouched });
    expect(await get(`/3.1/addresses/${encodeURIComponent(subscriber)}`)).toMatchObject({
      email: subscriber,
    });
  }
  expect(await get('/3.1/addresses/a+b@example.com')).toMatchObject({ email: 'a+b@example.com' });
});

test('is verified, unverified and renamed', async () => {
  const { get, done, call } = await apiWithAnne();
  await done('POST', `${ANNE}/unverify`);
  expect(await get(ANNE)).not.toHaveProperty('verified_on');
  await done('POST', `${ANNE}/verify`);
  expect(await get(ANNE)).toHaveProperty('verified_on');
  expect((await call('POST', `${ANNE}/verify/x`)).status).toBe(400);
  expect((await call('GET', `${ANNE}/verify`)).status).toBe(405);
  await done('PATCH', ANNE, { display_name: 'Ann' });
  expect(await get(ANNE)).toMatchObject({ display_name: 'Ann' });
  expect(await call('PATCH', ANNE, {})).toMatchObject(refusal(400, 'Missing Parameter: display_name'));
});

test('belongs to a user, to another one, or to nobody', async () => {
  const { get, make, done, call } = await apiWithAnne();
  const user = `${ANNE}/user`;
  expect(await get(user)).toMatchObject({ display_name: 'Anne' });
  expect(await call('POST', user, {})).toMatchObject(refusal(409, '409 Conflict'));
  await done('DELETE', user);
  expect(await call('GET', user)).toMatchObject(refusal(404, '404 Not Found'));
  const unknown = '00000000000000000000000000000000';
  expect(await call('POST', user, { user_id: unknown })).toMatchObject(
    refusal(400, `No user with ID ${unknown}`),
  );
  expect(await call('POST', user, { auto_create: 'no' })).toMatchObject(refusal(403, '403 Forbidden'));
  await make(user, { display_name: 'Annie' });
  expect(await call('PUT', user, { user_id: unknown })).toMatchObject(
    refusal(404, 'No user with ID 00000000-0000-0000-0000-000000000000'),
  );
  const other = await make('/3.1/users', { email: 'other@example.com' });
  const linked = await call('PUT', user, { user_id: other.split('/').at(-1) ?? '' });
  expect(linked).toMatchObject({ status: 200, json: undefined });
  expect(await get(user)).toMatchObject({ self_link: `http://localhost:8001${other}` });
});

test('has memberships, and takes them along when it goes', async () => {
  const { get, done } = await apiWithAnne();
  expect(await get(`${ANNE}/memberships`)).toMatchObject({ entries: [{ list_id: 'ant.example.com' }] });
  await done('DELETE', ANNE);
  expect(await get('/3.1/members')).toEqual({ start: 0, total_size: 0 });
});
