import { describe, expect, test } from 'vitest';
import { basic, openApi, openApiWithList, refusal } from './api.ts';

describe('paths', () => {
  test.each([
    ['/', 404],
    ['/3.2/lists', 404],
    ['/3.1/', 404],
    ['/3.1/domains/', 404],
    ['/3.1/nope', 404],
    ['/3.1', 405],
    ['/3.1/system/versions/x', 400],
    ['/3.1/system/foo', 404],
    ['/3.1/lists/nope.example.com/held', 404],
  ])('%s is answered with %i by routing, without a description', async (path, status) => {
    const { call } = await openApi();
    const answer = await call('GET', path);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ title: expect.stringMatching(`^${status} `) });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  test('what a resource refuses has a description, and names the charset', async () => {
    const { call } = await openApi();
    const answer = await call('GET', '/3.1/lists/nope.example.com');
    expect(answer).toMatchObject(refusal(404, '404 Not Found'));
    expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8');
  });

  test('percent-escapes are resolved before the path is cut', async () => {
    const { get } = await openApiWithList();
    expect(await get('/3.1/lists/ant%40example.com')).toMatchObject({ list_id: 'ant.example.com' });
    expect(await get('/3.1%2Flists')).toMatchObject({ total_size: 1 });
  });

  test('a method that is not there is named with those that are', async () => {
    const { call } = await openApi();
    const answer = await call('PUT', '/3.1/lists', {});
    expect(answer).toMatchObject({ status: 405, json: { title: '405 Method Not Allowed' } });
    expect(answer.headers.allow).toBe('GET, POST, OPTIONS');
    const options = await call('OPTIONS', '/3.1/lists');
    expect(options).toMatchObject({ status: 200, json: undefined });
    expect(options.headers.allow).toBe('GET, POST');
    expect((await call('HEAD', '/3.1/lists')).status).toBe(405);
  });
});

describe('authentication', () => {
  const status = async (headers: Record<string, string>, url = '/3.1/lists') => {
    const { app } = await openApi();
    return (await app.inject({ method: 'GET', url, headers })).statusCode;
  };

  test('nobody gets in without name and password', async () => {
    const { app } = await openApi();
    const answer = await app.inject({ method: 'GET', url: '/3.1/lists' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Basic realm="mailman3-rest",charset="utf-8"');
    expect(answer.json()).toEqual({
      title: '401 Unauthorized',
      description: 'REST API authorization failed',
    });
    expect(await status(basic('restadmin:wrong'))).toBe(401);
    expect(await status(basic('other:restpass'))).toBe(401);
    expect(await status({ authorization: basic('restadmin:restpass').authorization.replace('B', 'b') })).toBe(
      401,
    );
    expect(await status(basic('restadmin:restpass'))).toBe(200);
  });

  test('a header that cannot be read is a bad request', async () => {
    expect(await status(basic('nocolon'))).toBe(400);
    expect(await status({ authorization: 'Basic abc' })).toBe(400);
  });

  test('an unknown path needs none', async () => {
    expect(await status({}, '/3.1/nope')).toBe(404);
  });

  test('too many failures of one network have to wait, whatever they send then; others go on', async () => {
    const { app } = await openApi();
    const ask = async (credentials: string, remoteAddress: string) =>
      (await app.inject({ method: 'GET', url: '/3.1/lists', headers: basic(credentials), remoteAddress }))
        .statusCode;
    for (let count = 0; count < 20; count += 1) expect(await ask('restadmin:wrong', '192.0.2.1')).toBe(401);
    expect(await ask('restadmin:restpass', '192.0.2.1')).toBe(429);
    expect(await ask('restadmin:restpass', '192.0.2.2')).toBe(200);
  });

  test('no password stands in the log', async () => {
    const { app, services } = await openApi();
    await app.inject({
      method: 'GET',
      url: '/3.1/lists?cleartext_password=secret1',
      headers: basic('restadmin:secret2'),
    });
    expect(services.logged.length).toBeGreaterThan(0);
    expect(JSON.stringify(services.logged)).not.toMatch(/secret|cmVzdGFkbWlu/);
  });

  test('nor one that a client sets, tries, or sends where none belongs', async () => {
    const { call, make, services } = await openApiWithList();
    const user = await make('/3.1/users', { email: 'anne@example.com', password: 'secret1' });
    const sent: [string, string, Record<string, string>][] = [
      ['PATCH', user, { cleartext_password: 'secret2' }],
      ['POST', `${user}/login`, { cleartext_password: 'secret2' }],
      ['POST', `${user}/login`, { cleartext_password: 'secret3' }],
      ['PATCH', '/3.1/lists/ant.example.com/config', { moderator_password: 'secret4' }],
      ['PATCH', '/3.1/lists/ant.example.com/config', { info: 'x', password: 'secret5' }],
      [
        'PATCH',
        '/3.1/lists/ant.example.com/uris',
        { 'list:user:notice:welcome': 'https://me:secret6@x.example/', password: 'secret7', username: 'me' },
      ],
      ['POST', '/3.1/users', { email: 'no address', password: 'secret8' }],
    ];
    const statuses: number[] = [];
    for (const [method, path, fields] of sent) statuses.push((await call(method, path, fields)).status);
    expect(statuses).toEqual([204, 204, 403, 204, 400, 204, 400]);
    expect(services.logged.length).toBeGreaterThanOrEqual(sent.length);
    expect(JSON.stringify(services.logged)).not.toContain('secret');
  });
});

describe('parameters', () => {
  test('unknown ones, unreadable ones and missing ones, in this order', async () => {
    const { call } = await openApiWithList();
    const members = (sent: Record<string, string>) => call('POST', '/3.1/members', sent);
    expect(await members({ foo: '1', bar: '2', role: 'x' })).toMatchObject(
      refusal(400, 'Unexpected parameters: bar, foo'),
    );
    expect(await members({ role: 'x', pre_verified: 'maybe' })).toMatchObject(
      refusal(
        400,
        'Invalid Parameter "pre_verified": Invalid boolean value: maybe. Invalid Parameter "role": Accepted Values are: member, owner, moderator, nonmember.',
      ),
    );
    expect(await members({})).toMatchObject(refusal(400, 'Missing Parameter: list_id, subscriber'));
  });

  test.each([
    ['{', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['[1', "Expecting ',' delimiter: line 1 column 3 (char 2)"],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{"a":}', 'Expecting value: line 1 column 6 (char 5)'],
    ['{"a":1,}', 'Expecting property name enclosed in double quotes: line 1 column 8 (char 7)'],
    ['{"a":1} x', 'Extra data: line 1 column 9 (char 8)'],
    ['{"a":"', 'Unterminated string starting at: line 1 column 6 (char 5)'],
  ])('JSON that is none: %s', async (json, reason) => {
    const { call } = await openApiWithList();
    expect(await call('PATCH', '/3.1/lists/ant.example.com/config', { json })).toMatchObject({
      status: 400,
      json: { title: 'Invalid JSON', description: `Could not parse JSON body - ${reason}` },
    });
  });

  test('an empty JSON body, and one that is no object', async () => {
    const { call } = await openApiWithList();
    const patch = (json: string) => call('PATCH', '/3.1/lists/ant.example.com/config', { json });
    expect((await patch('')).json).toEqual({
      title: 'Invalid JSON',
      description: 'Could not parse an empty JSON body',
    });
    expect((await patch('"x"')).status).toBe(400);
    expect((await patch('{"advertised": 1}')).status).toBe(400);
  });

  test('a form counts over the query, and deep JSON is refused', async () => {
    const { call, get, done } = await openApiWithList();
    await done('PATCH', '/3.1/lists/ant.example.com/config?info=a&description=b', { info: 'c' });
    expect(await get('/3.1/lists/ant.example.com/config/info')).toEqual({ info: 'c' });
    expect(await get('/3.1/lists/ant.example.com/config/description')).toEqual({ description: 'b' });
    const deep = `{"info":${'['.repeat(100_000)}`;
    expect((await call('PATCH', '/3.1/lists/ant.example.com/config', { json: deep })).status).toBe(400);
  });
});

describe('collections', () => {
  const parameter = (description: string) => ({ title: 'Invalid parameter', description });

  test.each([
    ['count=-1&page=1', parameter('The "count should be a positive integer." parameter is invalid. -1')],
    ['count=1&page=0', parameter('The "page should be greater than 0." parameter is invalid. 0')],
    ['count=x&page=1', parameter('The "count" parameter is invalid. The value must be an integer.')],
    ['count=1', { title: 'Missing parameter', description: 'The "page" parameter is required.' }],
    ['page=1', { title: 'Missing parameter', description: 'The "count" parameter is required.' }],
  ])('%s is refused', async (query, json) => {
    const { call } = await openApi();
    expect(await call('GET', `/3.1/lists?${query}`)).toMatchObject({ status: 400, json });
  });

  test('pages of two, one past the end, and none', async () => {
    const { make, get } = await openApi();
    for (const name of ['a', 'b', 'c']) await make('/3.1/domains', { mail_host: `${name}.example` });
    expect(await get('/3.1/domains?count=2&page=2')).toMatchObject({
      start: 2,
      total_size: 3,
      entries: [{ mail_host: 'c.example' }],
    });
    expect(await get('/3.1/domains?count=10&page=50')).toEqual({ start: 490, total_size: 3 });
    expect(await get('/3.1/domains?count=0&page=1')).toEqual({ start: 0, total_size: 3 });
  });

  test("an empty one has Mailman's entity tag", async () => {
    const { app } = await openApi();
    const { payload } = await app.inject({
      method: 'GET',
      url: '/3.1/domains',
      headers: basic('restadmin:restpass'),
    });
    expect(JSON.parse(payload).http_etag).toBe('"32223434a0f3af4cdc4673d1fbc5bac1f6d98fd3"');
  });
});

describe('transactions', () => {
  test('an error in the middle leaves nothing behind', async () => {
    const { call, get } = await openApi();
    const sent = { mail_host: 'example.com', owner: ['anne@example.com', 'not an address'] };
    expect((await call('POST', '/3.1/domains', sent)).status).toBe(400);
    expect(await get('/3.1/domains')).toEqual({ start: 0, total_size: 0 });
    expect(await get('/3.1/users')).toEqual({ start: 0, total_size: 0 });
  });

  test('two requests for the same thing at once: one is refused', async () => {
    const { call } = await openApiWithList();
    const answers = await Promise.all(
      [1, 2, 3].map(() => call('POST', '/3.1/lists', { fqdn_listname: 'bee@example.com' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  });
});

test('the description of the API has the parameters of its routes', async () => {
  const { get } = await openApi();
  const document = (await get('/openapi.json')) as {
    openapi: string;
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: unknown }> } }>>;
  };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toContain('/lists/{list}/header-matches/{position}');
  expect(document.paths['/members']?.post?.requestBody?.content['application/json']?.schema).toMatchObject({
    required: ['list_id', 'subscriber'],
  });
});
