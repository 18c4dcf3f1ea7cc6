import { describe, expect, test } from 'vitest';
import { openApi, openApiWithList, refusal } from './api.ts';

describe('system', () => {
  test('versions, preferences, pipelines and chains are those of Mailman 3.3.8', async () => {
    const { get } = await openApi();
    expect(await get('/3.0/system')).toMatchObject({
      mailman_version: 'GNU Mailman 3.3.8 (Tom Sawyer)',
      api_version: '3.0',
      self_link: 'http://localhost:8001/3.0/system/versions',
    });
    expect(await get('/3.1/system/preferences')).toEqual({
      acknowledge_posts: false,
      delivery_mode: 'regular',
      delivery_status: 'enabled',
      hide_address: true,
      receive_list_copy: true,
      receive_own_postings: true,
      preferred_language: 'en',
      self_link: 'http://localhost:8001/3.1/system/preferences',
    });
    expect(await get('/3.1/system/pipelines')).toEqual({
      pipelines: ['default-owner-pipeline', 'default-posting-pipeline', 'virgin'],
    });
    expect(await get('/3.1/system/chains')).toEqual({
      chains: [
        ...['accept', 'default-owner-chain', 'default-posting-chain', 'discard', 'dmarc', 'header-match'],
        ...['hold', 'moderation', 'reject'],
      ],
    });
  });

  test('links to an IPv6 address have it in brackets', async () => {
    for (const hostname of ['::1', '[::1]']) {
      const { get } = await openApi(`[webservice]\nhostname: ${hostname}\n`);
      const { self_link } = (await get('/3.1/system')) as { self_link: string };
      expect(self_link).toBe('http://[::1]:8001/3.1/system/versions');
    }
  });

  test('the configuration, section by section', async () => {
    const { get, call } = await openApi();
    const { sections } = (await get('/3.1/system/configuration')) as { sections: string[] };
    expect(sections).toEqual(expect.arrayContaining(['ARC', 'mta', 'runner.in', 'webservice']));
    expect(await get('/3.1/system/configuration/language.fr')).toEqual({
      description: 'French',
      charset: 'utf-8',
      enabled: 'yes',
      self_link: 'http://localhost:8001/3.1/system/configuration/language.fr',
    });
    expect(await call('GET', '/3.1/system/configuration/nope')).toMatchObject(refusal(404, '404 Not Found'));
    expect((await call('GET', '/3.1/system/configuration/mta/x')).status).toBe(400);
  });
});

describe('template URIs', () => {
  const uris = '/3.1/lists/ant.example.com/uris';
  const welcome = 'list:user:notice:welcome';

  test('are set, shown and taken back', async () => {
    const { get, done, call } = await openApiWithList();
    await done('PATCH', uris, { [welcome]: 'http://x/w.txt', username: 'u', password: 'p' });
    expect(await get(uris)).toEqual({
      start: 0,
      total_size: 1,
      entries: [
        {
          uri: 'http://x/w.txt',
          name: welcome,
          self_link: `http://localhost:8001${uris}/${welcome}`,
          username: 'u',
          password: 'p',
        },
      ],
      self_link: `http://localhost:8001${uris}`,
    });
    expect(await get(`${uris}/${welcome}`)).toEqual({
      uri: 'http://x/w.txt',
      self_link: `http://localhost:8001${uris}/${welcome}`,
    });
    await done('PATCH', uris, { [welcome]: '' });
    expect(await call('GET', `${uris}/${welcome}`)).toMatchObject(refusal(404, '404 Not Found'));
    await done('PUT', `${uris}/${welcome}`, { [welcome]: 'http://y' });
    await done('DELETE', uris);
    expect(await get(uris)).toMatchObject({ total_size: 0 });
  });

  test('names and credentials are checked', async () => {
    const { call } = await openApiWithList();
    const refused = async (method: string, path: string, sent: Record<string, string>, description: string) =>
      expect(await call(method, path, sent)).toMatchObject(refusal(400, description));
    await refused(
      'PATCH',
      uris,
      { [welcome]: 'x', username: 'u' },
      'Specify both username and password, or neither',
    );
    await refused('PATCH', uris, { foo: '1' }, 'Unexpected parameters: foo');
    const site = 'domain:admin:notice:new-list';
    await refused('PATCH', uris, { [site]: 'x' }, `Unexpected parameters: ${site}`);
    await refused('PUT', `${uris}/${welcome}`, { uri: 'x' }, 'Unexpected parameters: uri');
    await refused('PUT', `${uris}/${welcome}`, {}, `Missing Parameter: ${welcome}`);
    expect((await call('PATCH', '/3.1/domains/example.com/uris', { [site]: 'x' })).status).toBe(204);
    expect(await call('GET', `${uris}/foo`)).toMatchObject({ status: 404, json: { title: '404 Not Found' } });
    expect((await call('GET', `${uris}/${welcome}/x`)).status).toBe(400);
    expect((await call('GET', '/3.0/uris')).status).toBe(404);
  });
});

describe('queues', () => {
  test('are counted, filled and cleared', async () => {
    const { make, get, done, call, services } = await openApiWithList();
    expect(await get('/3.1/queues')).toMatchObject({ total_size: 12 });
    const path = await make('/3.1/queues/bad', {
      list_id: 'ant.example.com',
      text: 'From: a@example.com\n\nHi\n',
    });
    const file = path.split('/').at(-1) ?? '';
    expect(await get('/3.1/queues/bad')).toEqual({
      name: 'bad',
      directory: `${services.config.paths.queue_dir}/bad`,
      count: 1,
      files: [file],
      self_link: 'http://localhost:8001/3.1/queues/bad',
    });
    expect((await call('GET', path)).status).toBe(405);
    expect(await call('DELETE', `/3.1/queues/in/${file}`)).toMatchObject(
      refusal(404, `No such queue file: ${file}`),
    );
    await done('DELETE', path);
    expect(await get('/3.1/queues/bad')).toMatchObject({ count: 0, files: [] });
  });

  test('what is not there', async () => {
    const { call } = await openApiWithList();
    const post = (queue: string, sent: Record<string, string>) => call('POST', `/3.1/queues/${queue}`, sent);
    expect(await post('bad', { list_id: 'nope', text: 'x' })).toMatchObject(
      refusal(400, 'No such list: nope'),
    );
    expect(await post('nope', { list_id: 'ant.example.com', text: 'x' })).toMatchObject(
      refusal(400, "'nope'"),
    );
    expect(await call('GET', '/3.1/queues/nope')).toMatchObject(refusal(404, '404 Not Found'));
    expect(await call('DELETE', '/3.1/queues/nope/x')).toMatchObject(refusal(404, 'No such queue: nope'));
    expect((await call('GET', '/3.1/queues/bad/x/y')).status).toBe(400);
  });
});

test('plugins are named and never run', async () => {
  const settings = '[plugin.example]\nclass: example.plugin.Example\nenabled: yes\n';
  const { get, call } = await openApi(settings);
  expect(await get('/3.1/plugins')).toEqual({
    start: 0,
    total_size: 1,
    entries: [{ name: 'example', class: 'example.plugin.Example', enabled: true }],
  });
  expect((await call('GET', '/3.1/plugins/example')).status).toBe(404);
  expect((await call('GET', '/3.0/plugins')).status).toBe(404);
});

test("what Mailman's own tests call", async () => {
  const { done, call } = await openApi();
  await done('DELETE', '/3.1/reserved/uids/orphans');
  await done('GET', '/3.1/reserved/reset');
  expect((await call('GET', '/3.1/reserved/other')).status).toBe(404);
  expect((await call('GET', '/3.0/templates/a/b')).status).toBe(404);
  expect((await call('GET', '/3.0/templates/a')).status).toBe(400);
  expect((await call('GET', '/3.1/tasks')).status).toBe(404);
});
