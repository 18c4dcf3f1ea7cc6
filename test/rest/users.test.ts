import { describe, expect, test } from 'vitest';
import { openApi, openApiWithList, refusal, vouched } from './api.ts';

const USERS = '/3.1/users';
const GWEN = `${USERS}/gwen@example.com`;

async function apiWithGwen() {
  const api = await openApi();
  const path = await api.make(USERS, { email: 'gwen@example.com', display_name: 'Gwen', password: 'abc' });
  return { ...api, path };
}

test('a user is made, found by identifier and address, and shown', async () => {
  const { path, get } = await apiWithGwen();
  const user = (await get(path)) as Record<string, unknown>;
  expect(user).toMatchObject({
    is_server_owner: false,
    self_link: `http://localhost:8001${path}`,
    user_id: path.split('/').at(-1),
    display_name: 'Gwen',
  });
  expect(user.created_on).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/);
  expect(await get(GWEN)).toEqual(user);
});

test.each([
  [{ email: 'gwen@example.com' }, 'User already exists: gwen@example.com'],
  [{}, 'Invalid email address Missing Parameter: email'],
  [{ email: 'bad' }, 'Invalid email address bad'],
  [{ email: 'ok@example.com', foo: '1' }, 'Invalid email address Unexpected parameters: foo'],
])('%j is refused', async (sent, description) => {
  const { call } = await apiWithGwen();
  expect(await call('POST', USERS, sent)).toMatchObject(refusal(400, description));
});

test('passwords are checked and changed', async () => {
  const { call, done } = await apiWithGwen();
  await done('POST', `${GWEN}/login`, { cleartext_password: 'abc' });
  expect(await call('POST', `${GWEN}/login`, { cleartext_password: 'abd' })).toMatchObject(
    refusal(403, '403 Forbidden'),
  );
  expect(await call('POST', `${GWEN}/login`, {})).toMatchObject(
    refusal(400, 'Missing Parameter: cleartext_password'),
  );
  await done('PATCH', GWEN, { cleartext_password: 'new', is_server_owner: 'yes' });
  await done('POST', `${GWEN}/login`, { cleartext_password: 'new' });
  expect(await call('PATCH', GWEN, { password: 'x' })).toMatchObject(
    refusal(400, 'Unknown attribute: password'),
  );
  expect(await call('PUT', GWEN, { display_name: 'x' })).toMatchObject(
    refusal(400, 'Missing Parameter: cleartext_password, is_server_owner'),
  );
});

test('server owners, and users by parts of names and addresses', async () => {
  const { get, done, call } = await apiWithGwen();
  expect(await get('/3.1/owners')).toEqual({ start: 0, total_size: 0 });
  await done('PATCH', GWEN, { is_server_owner: 'yes' });
  expect(await get('/3.1/owners')).toMatchObject({ total_size: 1 });
  expect(await get(`${USERS}/find?q=WEN@EX`)).toMatchObject({ total_size: 1 });
  expect(await get(`${USERS}/find?q=100%25`)).toEqual({ start: 0, total_size: 0 });
  expect(await get(`${USERS}/find?q=`)).toMatchObject({ total_size: 1 });
  expect(await call('GET', `${USERS}/find`)).toMatchObject(refusal(400, 'Missing Parameter: q'));
});

describe('addresses of a user', () => {
  test('are added, unless they are somebody else’s and nobody is absorbed', async () => {
    const { make, get, call } = await apiWithGwen();
    await make(USERS, { email: 'old@example.com', display_name: 'Old' });
    expect(await make(`${GWEN}/addresses`, { email: 'New@example.com' })).toBe(
      '/3.1/addresses/new@example.com',
    );
    const post = (sent: Record<string, string>) => call('POST', `${GWEN}/addresses`, sent);
    expect(await post({ email: 'bad' })).toMatchObject(refusal(400, 'Invalid email address'));
    expect(await post({ email: 'old@example.com' })).toMatchObject(
      refusal(400, 'Address belongs to other user'),
    );
    expect((await post({ email: 'old@example.com', absorb_existing: '1' })).status).toBe(201);
    expect(await get(USERS)).toMatchObject({ total_size: 1 });
    expect(await get(`${GWEN}/addresses`)).toMatchObject({
      entries: [
        { original_email: 'New@example.com' },
        { original_email: 'gwen@example.com' },
        { original_email: 'old@example.com' },
      ],
    });
  });

  test('one of them is preferred', async () => {
    const { make, get, done, call } = await apiWithGwen();
    const path = `${GWEN}/preferred_address`;
    expect(await call('GET', path)).toMatchObject(refusal(404, '404 Not Found'));
    expect(await call('POST', path, { email: 'gwen@example.com' })).toMatchObject(
      refusal(400, 'Gwen <gwen@example.com> must be verified before setting as primary'),
    );
    expect(await call('POST', path, { email: 'zz@example.com' })).toMatchObject(
      refusal(400, 'Address does not exist: zz@example.com'),
    );
    await done('POST', '/3.1/addresses/gwen@example.com/verify');
    await make(path, { email: 'gwen@example.com' });
    expect(await get(path)).toMatchObject({ email: 'gwen@example.com' });
    await done('DELETE', path);
    expect((await call('DELETE', path)).status).toBe(404);
  });
});

test('with a user go addresses and memberships', async () => {
  const { make, get, done } = await openApiWithList();
  await make('/3.1/members', { list_id: 'ant.example.com', subscriber: 'anne@example.com', ...vouched });
  await done('DELETE', `${USERS}/anne@example.com`);
  expect(await get('/3.1/addresses')).toEqual({ start: 0, total_size: 0 });
  expect(await get('/3.1/members')).toEqual({ start: 0, total_size: 0 });
});
