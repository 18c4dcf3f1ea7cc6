import { describe, expect, test } from 'vitest';
import { verifyPassword } from '../../src/membership/passwords.ts';
import { openApiWithList, refusal } from './api.ts';

const CONFIG = '/3.1/lists/ant.example.com/config';

/** Attributes that Mailman's clients cannot write (17 of 92). */
const READ_ONLY = [
  ...[
    'bounces_address',
    'created_at',
    'digest_last_sent_at',
    'fqdn_listname',
    'join_address',
    'last_post_at',
  ],
  ...['leave_address', 'list_name', 'mail_host', 'next_digest_number', 'no_reply_address', 'owner_address'],
  ...['post_id', 'posting_address', 'request_address', 'usenet_watermark', 'volume'],
];

describe('the whole configuration', () => {
  test('has 92 attributes in 3.1, 98 in 3.0', async () => {
    const { get } = await openApiWithList();
    expect(Object.keys((await get(CONFIG)) as object)).toHaveLength(92);
    expect(Object.keys((await get(CONFIG.replace('3.1', '3.0'))) as object)).toHaveLength(98);
  });

  test('goes back as it came: a PUT with the 75 that can be written changes nothing', async () => {
    const { get, done } = await openApiWithList();
    await done('PATCH', CONFIG, { bounce_info_stale_after: '26h', moderator_password: 'secret' });
    const before = (await get(CONFIG)) as Record<string, unknown>;
    const writable = Object.fromEntries(Object.entries(before).filter(([name]) => !READ_ONLY.includes(name)));
    expect(Object.keys(writable)).toHaveLength(75);
    await done('PUT', CONFIG, { json: JSON.stringify(writable) });
    expect(await get(CONFIG)).toEqual(before);
    expect(before.bounce_info_stale_after).toBe('1d7200.0s');
    expect(await verifyPassword(String(before.moderator_password), 'secret')).toBe(true);
  });

  test.each([
    [{ foo: '1', volume: '2' }, 'Unknown attribute: foo'],
    [{ volume: '1' }, 'Read-only attribute: volume'],
    [{ advertised: 'foo' }, 'Invalid Parameter "advertised": Invalid boolean value: foo.'],
    [{ posting_pipeline: 'foo' }, 'Invalid Parameter "posting_pipeline": Unknown pipeline: foo.'],
    [{ preferred_language: 'xx' }, 'Unexpected parameters: preferred_language'],
    [
      { archive_policy: 'foo' },
      'Invalid Parameter "archive_policy": Accepted Values are: never, private, public.',
    ],
    [
      { bounce_score_threshold: 'x' },
      'Invalid Parameter "bounce_score_threshold": invalid literal for int() with base 10: \'x\'.',
    ],
    [
      { max_num_recipients: '-1' },
      'Invalid Parameter "max_num_recipients": Expected a non-negative integer: -1.',
    ],
    [{ bounce_info_stale_after: '2h1d' }, 'Invalid Parameter "bounce_info_stale_after": .'],
    [
      { digest_size_threshold: 'x' },
      'Invalid Parameter "digest_size_threshold": could not convert string to float: \'x\'.',
    ],
    [
      { accept_these_nonmembers: ['a@b.example', ''] },
      'Invalid Parameter "accept_these_nonmembers": Expected a valid email address or regular expression, got empty.',
    ],
    [{ description: 'a\nb' }, 'Invalid Parameter "description": This value must be a single line: a\nb.'],
  ])('PATCH %j is refused', async (sent, description) => {
    const { call } = await openApiWithList();
    expect(await call('PATCH', CONFIG, sent)).toMatchObject(refusal(400, description));
  });

  test('an alias that is none leaves the aliases as they were', async () => {
    const { get, done, call } = await openApiWithList();
    await done('PATCH', CONFIG, { acceptable_aliases: ['Zoo@example.com', '^ants'] });
    expect(await call('PATCH', CONFIG, { acceptable_aliases: 'plain' })).toMatchObject(refusal(400, 'plain'));
    expect(await get(`${CONFIG}/acceptable_aliases`)).toEqual({
      acceptable_aliases: ['^ants', 'zoo@example.com'],
    });
    await done('DELETE', `${CONFIG}/acceptable_aliases`);
    expect(await get(`${CONFIG}/acceptable_aliases`)).toEqual({ acceptable_aliases: [] });
  });

  test('JSON is taken as Python takes it', async () => {
    const { get, done } = await openApiWithList();
    await done('PATCH', CONFIG, { json: '{"description": null, "info": 5.0, "max_message_size": 5.7}' });
    expect(await get(CONFIG)).toMatchObject({ description: 'None', info: '5.0', max_message_size: 5 });
  });
});

describe('one attribute', () => {
  test('is read, set and refused as in Mailman', async () => {
    const { get, done, call } = await openApiWithList();
    await done('PUT', `${CONFIG}/description`, { description: 'Hello' });
    expect(await get(`${CONFIG}/description`)).toEqual({ description: 'Hello' });
    const refused = async (method: string, path: string, sent: Record<string, string>, answer: object) =>
      expect(await call(method, `${CONFIG}/${path}`, sent)).toMatchObject(answer);
    await refused('PUT', 'description', { x: '1' }, refusal(400, 'Unexpected parameters: x'));
    await refused('PUT', 'description', {}, refusal(400, 'Missing Parameter: description'));
    await refused('PUT', 'nope', { nope: '1' }, refusal(404, 'Unknown attribute: nope'));
    await refused('PUT', 'volume', { volume: '1' }, refusal(400, 'Read-only attribute: volume'));
    await refused('PATCH', 'description', { a: '1', b: '2' }, refusal(400, 'Expected 1 attribute, got 2'));
    await refused('PATCH', 'description', { info: '2' }, refusal(400, 'Unknown attribute: info'));
    await refused('DELETE', 'description', {}, refusal(400, 'Attribute cannot be DELETEd: description'));
    await refused('DELETE', 'nope', {}, refusal(400, 'Read-only attribute: nope'));
    expect(await call('DELETE', CONFIG)).toMatchObject(
      refusal(400, 'Cannot delete the list configuration itself'),
    );
  });
});

describe('settings that Mailman 3 does not have', () => {
  const topics = [{ name: 'Cats', patterns: 'cat\nkitten', description: 'About cats' }];

  test('are written like others, and shown to those who ask', async () => {
    const { get, done } = await openApiWithList();
    const sent = { topics, topics_enabled: true, umbrella_list: true, member_verbosity_threshold: 5 };
    await done('PATCH', CONFIG, { json: JSON.stringify(sent) });
    expect(await get(CONFIG)).not.toHaveProperty('topics');
    expect(await get(`${CONFIG}?all=yes`)).toMatchObject(sent);
    expect(await get(`${CONFIG}/topics`)).toEqual({ topics });
  });

  test('topics may come in a form as JSON', async () => {
    const { get, done, call } = await openApiWithList();
    await done('PATCH', CONFIG, { topics: JSON.stringify(topics) });
    expect(await get(`${CONFIG}/topics`)).toEqual({ topics });
    expect((await call('PATCH', CONFIG, { topics: '[{"name": 1}]' })).status).toBe(400);
  });
});

test('version 3.0 sets templates by attributes', async () => {
  const { get, done } = await openApiWithList();
  const config = CONFIG.replace('3.1', '3.0');
  await done('PATCH', config, { footer_uri: 'http://localhost/footer' });
  expect(await get(`${config}/footer_uri`)).toEqual({ footer_uri: 'http://localhost/footer' });
  expect(await get('/3.1/lists/ant.example.com/uris')).toMatchObject({
    entries: [{ name: 'list:member:regular:footer', uri: 'http://localhost/footer' }],
  });
});
