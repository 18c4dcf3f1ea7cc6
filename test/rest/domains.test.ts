import { expect, test } from 'vitest';
import { openApi, openApiWithList, refusal } from './api.ts';

const HOST = '/3.1/domains/example.com';

test('a domain is made once, and shown', async () => {
  const { make, get, call } = await openApi();
  expect(await make('/3.1/domains', { mail_host: 'example.com', description: 'Examples' })).toBe(HOST);
  expect(await get(HOST)).toEqual({
    alias_domain: null,
    description: 'Examples',
    mail_host: 'example.com',
    self_link: `http://localhost:8001${HOST}`,
  });
  expect(await call('POST', '/3.1/domains', { mail_host: 'example.com' })).toMatchObject(
    refusal(400, 'Duplicate email host: example.com'),
  );
  expect(await call('POST', '/3.1/domains', {})).toMatchObject(refusal(400, 'Missing Parameter: mail_host'));
});

test.each(['', 'Not a domain!', 'a@b'])('%j is no domain', async (mail_host) => {
  const { call } = await openApi();
  expect((await call('POST', '/3.1/domains', { mail_host })).status).toBe(400);
});

test('an international domain is found in both of its forms', async () => {
  const { make, get } = await openApi();
  await make('/3.1/domains', { mail_host: 'xn--bcher-kva.example' });
  expect(await get('/3.1/domains/B%C3%BCcher.example')).toMatchObject({ mail_host: 'bücher.example' });
});

test('owners are added, and removed all together; whoever is unknown becomes a user', async () => {
  const { make, get, done, call } = await openApi();
  await make('/3.1/domains', { mail_host: 'example.com', owner: 'anne@example.com' });
  await done('POST', `${HOST}/owners`, { owner: ['bill@example.com', 'anne@example.com'] });
  expect(await get(`${HOST}/owners`)).toMatchObject({ total_size: 2 });
  expect(await call('POST', `${HOST}/owners`, { owner: 'x y' })).toMatchObject(
    refusal(400, 'Illegal owner addresses: x y'),
  );
  await done('DELETE', `${HOST}/owners`);
  expect(await get(`${HOST}/owners`)).toEqual({ start: 0, total_size: 0 });
  expect(await get('/3.1/users')).toMatchObject({ total_size: 2 });
});

test('PATCH changes a part, PUT all', async () => {
  const { make, get, done, call } = await openApi();
  await make('/3.1/domains', { mail_host: 'example.com' });
  await done('PATCH', HOST, { description: 'New' });
  expect(await call('PUT', HOST, { description: 'x' })).toMatchObject(
    refusal(400, 'Missing Parameter: alias_domain, owner'),
  );
  await done('PUT', HOST, { description: 'Newer', alias_domain: 'alias.example', owner: 'anne@example.com' });
  expect(await get(HOST)).toMatchObject({ description: 'Newer', alias_domain: 'alias.example' });
  expect((await call('PATCH', HOST, { alias_domain: 'example.com' })).status).toBe(400);
  expect((await call('PATCH', '/3.1/domains/nope.example', { description: 'x' })).status).toBe(404);
});

test('with a domain go its lists', async () => {
  const { get, done, call } = await openApiWithList();
  expect(await get(`${HOST}/lists`)).toMatchObject({ entries: [{ list_id: 'ant.example.com' }] });
  await done('DELETE', HOST);
  expect((await call('DELETE', HOST)).status).toBe(404);
  expect(await get('/3.1/lists')).toEqual({ start: 0, total_size: 0 });
});
