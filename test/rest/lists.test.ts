import { expect, test } from 'vitest';
import { openApi, openApiWithList, refusal, vouched } from './api.ts';

const ANT = '/3.1/lists/ant.example.com';

test('a list as Mailman shows it, by List-Id and by address, in both versions', async () => {
  const { get } = await openApiWithList();
  const list = {
    advertised: true,
    display_name: 'Ant',
    fqdn_listname: 'ant@example.com',
    list_id: 'ant.example.com',
    list_name: 'ant',
    mail_host: 'example.com',
    member_count: 0,
    volume: 1,
    description: '',
    self_link: `http://localhost:8001${ANT}`,
  };
  expect(await get(ANT)).toEqual(list);
  expect(await get('/3.1/lists/ant@example.com')).toEqual(list);
  expect(await get('/3.0/lists/ant.example.com')).toEqual({
    ...list,
    self_link: 'http://localhost:8001/3.0/lists/ant.example.com',
  });
});

test.each([
  [{}, 'Missing Parameter: fqdn_listname'],
  [{ fqdn_listname: 'ant@example.com' }, 'Mailing list exists'],
  [{ fqdn_listname: 'bee@nope.example' }, 'Domain does not exist: nope.example'],
  [{ fqdn_listname: 'bee' }, 'Invalid list posting address: bee'],
  [{ fqdn_listname: 'b$e@example.com' }, 'Invalid list name: b$e'],
])('%j is refused', async (sent, description) => {
  const { call } = await openApiWithList();
  expect(await call('POST', '/3.1/lists', sent)).toMatchObject(refusal(400, description));
});

test('styles, and what they make', async () => {
  const { make, get } = await openApiWithList();
  expect(await get('/3.1/lists/styles')).toMatchObject({
    style_names: ['legacy-announce', 'legacy-default', 'private-default'],
    default: 'legacy-default',
  });
  await make('/3.1/lists', { fqdn_listname: 'cat@example.com', style_name: 'private-default' });
  expect(await get('/3.1/lists/cat.example.com/config')).toMatchObject({
    advertised: false,
    archive_policy: 'private',
    subscription_policy: 'confirm_then_moderate',
  });
  expect(await get('/3.1/lists?advertised=true')).toMatchObject({ total_size: 1 });
  expect(await get('/3.1/lists?advertised=false')).toMatchObject({ total_size: 2 });
});

test('whose lists: once for each membership, 404 for nobody', async () => {
  const { make, get, call } = await openApiWithList();
  await make('/3.1/members', { list_id: 'ant.example.com', subscriber: 'anne@example.com', ...vouched });
  await make('/3.1/members', { list_id: 'ant.example.com', subscriber: 'anne@example.com', role: 'owner' });
  expect(await get('/3.1/lists/find?subscriber=Anne@example.com')).toMatchObject({
    total_size: 2,
    entries: [{ list_id: 'ant.example.com', member_count: 1 }, { list_id: 'ant.example.com' }],
  });
  const found = await call('POST', '/3.1/lists/find', { subscriber: 'anne@example.com', role: 'moderator' });
  expect(found).toMatchObject(refusal(404, '404 Not Found'));
  expect(await call('POST', '/3.1/lists/find', { subscriber: 'foo' })).toMatchObject(
    refusal(400, 'Invalid Parameter "subscriber": .'),
  );
});

test('a list that is removed is gone with its members', async () => {
  const { make, get, done, call } = await openApiWithList();
  await make('/3.1/members', { list_id: 'ant.example.com', subscriber: 'anne@example.com', ...vouched });
  await done('DELETE', ANT);
  expect((await call('DELETE', ANT)).status).toBe(404);
  expect(await get('/3.1/members')).toEqual({ start: 0, total_size: 0 });
  expect(await get('/3.1/addresses/anne@example.com')).toMatchObject({ email: 'anne@example.com' });
});

test('archivers: those of the server, on or off for the list', async () => {
  const { get, done, call } = await openApiWithList();
  expect(await get(`${ANT}/archivers`)).toEqual({ prototype: true });
  await done('PATCH', `${ANT}/archivers`, { prototype: 'no' });
  expect(await get(`${ANT}/archivers`)).toEqual({ prototype: false });
  expect(await call('PUT', `${ANT}/archivers`, {})).toMatchObject(
    refusal(400, 'Missing Parameter: prototype'),
  );
  expect(await call('PATCH', `${ANT}/archivers`, { prototype: 'bogus' })).toMatchObject(
    refusal(400, 'Invalid boolean value: bogus'),
  );
  expect(await call('PATCH', `${ANT}/archivers`, { foo: 'no' })).toMatchObject(
    refusal(400, 'Unexpected parameters: foo'),
  );
});

test('digests: number, bumping, and what excludes each other', async () => {
  const { get, call } = await openApiWithList();
  const post = (sent: Record<string, string>) => call('POST', `${ANT}/digest`, sent);
  expect(await post({})).toMatchObject({ status: 200, json: undefined });
  expect(await post({ bump: 'yes' })).toMatchObject({ status: 202, json: undefined });
  expect(await get(`${ANT}/digest`)).toEqual({ next_digest_number: 2, volume: 1 });
  expect(await post({ send: 'yes', periodic: 'yes' })).toMatchObject(
    refusal(400, 'send and periodic options are mutually exclusive'),
  );
});

test('a name that is none is no list', async () => {
  const { call } = await openApi();
  expect(await call('GET', '/3.1/lists/')).toMatchObject(refusal(404, '404 Not Found'));
});
