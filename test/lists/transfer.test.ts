import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { updateDomain } from '../../src/database/domains.ts';
import { DatabaseError } from '../../src/database/failures.ts';
import type { Connection, Database } from '../../src/database/handle.ts';
import { insertHeldMessage } from '../../src/database/held-messages.ts';
import { allLists, findList } from '../../src/database/lists.ts';
import { putTemplate } from '../../src/database/templates.ts';
import { FerrymanError } from '../../src/errors.ts';
import { importList } from '../../src/lists/transfer/import-list.ts';
import { readListFile } from '../../src/lists/transfer/list-file.ts';
import { parseUtc, type UtcTime } from '../../src/model/time.ts';
import { onEachDialect, sqlitePlace } from '../database/dialects.ts';
import { SITE } from '../migrate/site/fixture-site.ts';
import { exportedList } from '../support/exported-list.ts';
import { install } from '../support/mailman.ts';

const options = {
  rules: { nameCharacters: '[-+_.=0-9a-z]', languages: new Set(['en', 'de', 'fr', 'ja']) },
  createDomain: true,
  replace: false,
};

/** All lists of the fixtures that can be opened, with more than Mailman 2.1 has. */
let source: Database;
const written = new Map<string, string>();

async function write(connection: Connection, listId: string, secrets = true): Promise<string> {
  const list = await findList(connection, listId);
  if (!list) throw new Error(`${listId} is not there`);
  return exportedList(connection, list, secrets);
}

function read(database: Database, text: string, more: Partial<typeof options> = {}) {
  const file = readListFile(text, 'a file');
  return database.transaction((connection) => importList(connection, file, { ...options, ...more }));
}

/** What scripts and pages of Ferryman set, in passing through the database. */
async function addMore(connection: Connection): Promise<void> {
  const listId = 'plain.lists.example.com';
  await putTemplate(
    connection,
    { scope: 'list', listId },
    {
      name: 'list:user:notice:welcome',
      language: 'de',
      source: { uri: 'https://example.com/w', username: 'me', password: 'secret' },
    },
  );
  await connection('user').update({
    preferred_language: 'de',
    password: '$scrypt$x',
    display_name: 'Ü\u0007',
  });
  await connection('address').update({ delivery_mode: 'mime_digests', display_name: 'A "quoted" one' });
  const first = await connection('member')
    .where({ list_id: listId, role: 'member' })
    .orderBy('email')
    .first();
  await connection('member')
    .where('member_id', first.member_id)
    .update({ moderation_action: 'hold', topics: '["x"]', hide_address: 0, bounce_score: 1.5 });
  await connection('address').where('address_id', first.address_id).update({ is_preferred: 1 });
  await connection('last_digest').insert({ member_id: first.member_id, delivery_mode: 'mime_digests' });
  await connection('header_match').insert({
    list_id: listId,
    position: 9,
    header: '*',
    pattern: '^x.*',
    tag: 't',
  });
  await updateDomain(connection, 'lists.example.com', { description: 'Our lists' });
}

beforeAll(async () => {
  const server = install();
  server.mailman('migrate', 'run', SITE, '--no-archives');
  source = await openDatabase(`sqlite:///${server.folder}/var/data/mailman.db`);
  await addMore(source.connection);
  for (const { listId } of await allLists(source.connection))
    written.set(listId, await write(source.connection, listId));
}, 60_000);

afterAll(() => source.close());

await onEachDialect('all lists of the fixtures', (place) => {
  test('are the same after a move to another server', { timeout: 120_000 }, async () => {
    const target = await place.open();
    expect(written.size).toBe(19);
    for (const [listId, text] of written) {
      const { held_posts, has_secrets } = await read(target, text);
      expect(JSON.parse(await write(target.connection, listId)), listId).toEqual(JSON.parse(text));
      expect([held_posts, has_secrets]).toEqual([JSON.parse(text).held_posts.length, true]);
    }
    const counts = async ({ connection }: Database) =>
      Promise.all(
        ['user', 'address', 'member', 'held_message', 'pending', 'migrated_item'].map(async (table) =>
          Number((await connection(table).count({ total: '*' }).first<{ total: number | string }>()).total),
        ),
      );
    expect(await counts(target)).toEqual(await counts(source));
    // Numbers go on behind those that came.
    const next = await insertHeldMessage(target.connection, {
      listId: 'plain.lists.example.com',
      messageId: '<new@example.com>',
      sender: '',
      subject: '',
      reasons: [],
      heldAt: parseUtc('2026-01-01T00:00:00') as UtcTime,
      metadata: {},
      content: Buffer.from('x'),
    });
    const ids: number[] = await source.connection('held_message').pluck('request_id');
    expect(next).toBeGreaterThan(Math.max(...ids));
  });
});

const here = sqlitePlace();

test('without secrets nothing that opens a door is in the file, and the list comes over all the same', async () => {
  const text = await write(source.connection, 'plain.lists.example.com', false);
  const { pending, migrated_files, users, templates } = JSON.parse(text);
  expect([pending, migrated_files, users[0].password, templates.at(-1).password]).toEqual(
    Array(4).fill(undefined),
  );
  const secrets = JSON.parse(written.get('plain.lists.example.com') ?? '');
  for (const { password } of secrets.members)
    if (password?.length > 4) expect(text).not.toContain(JSON.stringify(password));
  for (const { token } of secrets.pending) expect(text).not.toContain(token);
  expect(text).not.toContain(secrets.settings.admin_password);
  const target = await here.open();
  expect(await read(target, text)).toMatchObject({ has_secrets: false, members: { member: 13 } });
  const again = JSON.parse(await write(target.connection, 'plain.lists.example.com', false));
  expect(again).toEqual(JSON.parse(text));
});

test('who is known stays as known, and nobody gets the lists of another through a file', async () => {
  const target = await here.open();
  const text = written.get('plain.lists.example.com') ?? '';
  await read(target, text);
  await target.connection('user').update({ password: 'mine', display_name: 'Mine' });
  const file = JSON.parse(text);
  const [victim] = file.users;
  const stranger = {
    ...file,
    fqdn_listname: 'bee@lists.example.com',
    list_id: 'bee.lists.example.com',
    settings: { ...file.settings, list_name: 'bee' },
    users: [victim],
    addresses: [{ ...file.addresses[0], address: 'evil@example.com', user_id: victim.user_id }],
    members: [{ ...file.members[0], address: 'evil@example.com' }],
    pending: [],
    templates: [],
  };
  expect(await read(target, JSON.stringify(stranger))).toMatchObject({ new_users: 1, new_addresses: 1 });
  const evil = await target.connection('address').where('email', 'evil@example.com').first();
  expect(evil.user_id).not.toBe(victim.user_id);
  const friend = {
    ...stranger,
    ...{ list_id: 'cow.lists.example.com', fqdn_listname: 'cow@lists.example.com' },
  };
  const cow = {
    ...friend,
    settings: { ...file.settings, list_name: 'cow' },
    addresses: file.addresses.slice(0, 1),
    users: file.users.filter(({ user_id }: { user_id: string }) => user_id === file.addresses[0].user_id),
    members: [{ ...file.members[0], address: file.addresses[0].address }],
  };
  expect(await read(target, JSON.stringify(cow))).toMatchObject({ new_users: 0, new_addresses: 0 });
  expect(await target.connection('user').where('password', 'mine').count({ n: '*' }).first()).toEqual({
    n: file.users.length,
  });
});

test('a file gives no known user another address, and no known address another password', async () => {
  const target = await here.open();
  const text = written.get('plain.lists.example.com') ?? '';
  await read(target, text);
  const file = JSON.parse(text);
  const [own, loose] = file.addresses;
  await target.connection('address').where('email', loose.address).update({ user_id: null });
  const person = { ...file.users[0], user_id: own.user_id };
  const other = { ...file.users[0], user_id: 'f'.repeat(32), password: 'theirs' };
  const hostile = {
    ...file,
    fqdn_listname: 'bee@lists.example.com',
    list_id: 'bee.lists.example.com',
    settings: { ...file.settings, list_name: 'bee' },
    users: [person, other],
    addresses: [
      own,
      { ...own, address: 'evil@example.com' },
      { ...loose, user_id: other.user_id, is_preferred: false },
    ],
    members: [own, { address: 'evil@example.com' }, loose].map(({ address }, index) => ({
      ...file.members[index],
      address,
    })),
    pending: [],
    templates: [],
  };
  await read(target, JSON.stringify(hostile));
  const of = (email: string) => target.connection('address').where('email', email).first();
  const [before, evil, adopted] = [
    await of(own.address),
    await of('evil@example.com'),
    await of(loose.address),
  ];
  expect(before.user_id).toBe(own.user_id);
  expect(evil.user_id).not.toBe(own.user_id);
  const user = await target.connection('user').where('user_id', adopted.user_id).first();
  expect(user.password).toBe(null);
});

test('a held post of a file goes to its own list, and to nobody whom the file names', async () => {
  const target = await here.open();
  const file = JSON.parse([...written.values()].find((text) => JSON.parse(text).held_posts.length > 0) ?? '');
  const [post] = file.held_posts;
  const metadata = {
    ...post.metadata,
    listid: 'other.example.com',
    recipients: ['x@example.org'],
    pipeline: 'p',
  };
  await read(target, JSON.stringify({ ...file, held_posts: [{ ...post, metadata }], migrated_items: [] }));
  const row = await target.connection('held_message').first();
  expect(JSON.parse(row.metadata)).toEqual({ ...post.metadata, listid: file.list_id });
});

test('a domain that mail servers would read as something else is refused', async () => {
  const target = await here.open();
  const file = JSON.parse(written.get('announce.lists.example.com') ?? '');
  const mailHost = 'x.example.com evil@example.org, announce';
  const settings = { ...file.settings, mail_host: mailHost };
  const hostile = { ...file, settings, fqdn_listname: `announce@${mailHost}` };
  await expect(read(target, JSON.stringify(hostile))).rejects.toThrow('Illegal domain name');
});

test('a list that is there is replaced only when asked to, and not while it moves', async () => {
  const target = await here.open();
  const text = written.get('announce.lists.example.com') ?? '';
  await read(target, text);
  await expect(read(target, text)).rejects.toThrow('List already exists: announce@lists.example.com');
  await target.connection('member').delete();
  expect(await read(target, text, { replace: true })).toMatchObject({ replaced: true });
  expect(JSON.parse(await write(target.connection, 'announce.lists.example.com'))).toEqual(JSON.parse(text));
  await target.connection('cutover').insert({
    list_id: 'announce.lists.example.com',
    stage: 'observe',
    since: '2026-01-01T00:00:00.000000Z',
    mailman2_name: 'announce',
    mailman2_domain: 'old.example.com',
    handing_over: 0,
    followed: '{}',
  });
  await expect(read(target, text, { replace: true })).rejects.toThrow('is moving from a Mailman 2');
});

type Path = readonly (string | number)[];

/** The same document with another value in one place, or (undefined) without it. */
function changed(document: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(document))
    return document.map((item, at) => (at === step ? changed(item, rest, value) : item));
  const fields = document as Readonly<Record<string, unknown>>;
  return { ...fields, [step]: changed(fields[step], rest, value) };
}

/** The places of a document; of an array, those of its first item. */
function* placesIn(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) {
    if (value.length > 0) yield* placesIn(value[0], [...path, 0]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) yield* placesIn(item, [...path, name]);
  }
}

const document = (name = 'announce'): unknown =>
  JSON.parse(written.get(`${name}.lists.example.com`) ?? '') as unknown;

test.each<[Path, unknown, string]>([
  [['format'], 'csv', 'a file: format is "csv"; expected one of ferryman-list'],
  [['version'], 2, 'a file: version is 2; expected 1, which this Ferryman reads'],
  [
    ['members', 3, 'role'],
    'boss',
    'announce@lists.example.com: members[3].role is "boss"; expected one of member, owner, moderator, nonmember',
  ],
  [
    ['members', 0, 'address'],
    'x',
    'announce@lists.example.com: members[0].address is "x"; expected an e-mail address',
  ],
  [
    ['members', 0, 'address'],
    'a\n@example.com',
    'members[0].address is "a\\n@example.com"; expected an e-mail',
  ],
  [['members', 0, 'address'], 'nobody@example.net', 'members[0].address is not among addresses'],
  [['members', 0, 'own'], undefined, 'members[0].own is missing; expected an object'],
  [['addresses', 1, 'user_id'], 'f'.repeat(32), 'addresses[1].user_id is not among users'],
  [['users', 0, 'created_on'], '2024-02-30', 'users[0].created_on is "2024-02-30"; expected a time such as'],
  [['settings', 'info'], 7, 'settings.info is wrong: Setting info is 7; expected a text'],
  [['settings', 'bounce_info_stale_after'], 7, 'settings.bounce_info_stale_after is wrong: '],
  [
    ['settings', 'mail_host'],
    'other.example',
    'fqdn_listname is "announce@lists.example.com"; expected announce@other',
  ],
  [['settings', 'post_id'], 1e300, 'settings.post_id is 1e+300; expected a whole number'],
  [['header_matches', 0, 'header'], 'x'.repeat(300), 'expected a text of at most 255 characters'],
  [['held_posts', 0, 'content'], '!!', 'held_posts[0].content is "!!"; expected base64'],
  [['bans'], {}, 'bans is {}; expected an array'],
  [
    ['settings', 'preferred_language'],
    'xx',
    'settings.preferred_language: the language xx is not enabled here',
  ],
  [['list_id'], '../../etc', 'list_id is no List-Id such as announce.lists.example.com'],
])('%j as %j is refused by name, and nothing is changed', async (path, value, message) => {
  const target = await here.open();
  const text = JSON.stringify(changed(document(), path, value));
  await expect(async () => read(target, text)).rejects.toThrow(message);
  expect(await allLists(target.connection)).toEqual([]);
  expect(await target.connection('user').select()).toEqual([]);
});

test('somebody who is there twice is refused', async () => {
  const target = await here.open();
  const file = document() as { members: unknown[]; users: unknown[] };
  const twice = { ...file, members: [...file.members, file.members[0]] };
  await expect(async () => read(target, JSON.stringify(twice))).rejects.toThrow('address is there twice');
  const users = { ...file, users: [...file.users, file.users[0]] };
  await expect(async () => read(target, JSON.stringify(users))).rejects.toThrow('user_id is there twice');
});

test('a file that is nested too deeply is refused, wherever that is', async () => {
  const target = await here.open();
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const text = JSON.stringify(changed(document(), ['legacy_settings_exact'], 'DEEP'));
  for (const hostile of [deep, text.replace('"DEEP"', `{"x":${deep}}`), text.replace('"DEEP"', deep)])
    await expect(async () => read(target, hostile)).rejects.toThrow('values are nested more than 2000 deep');
});

test('a file that is cut off is no JSON any more', () => {
  const text = written.get('announce.lists.example.com') ?? '';
  for (let length = 0; length < text.length; length += 997)
    expect(() => readListFile(text.slice(0, length), 'half.json')).toThrow(
      /^half.json: this is not JSON, or not all/,
    );
  for (const odd of ['null', '[]', '"x"', '{}', '7'])
    expect(() => readListFile(odd, 'odd.json')).toThrow(/^odd\.json: (the document|format) is /);
});

test('whatever stands in whichever place, it is taken or refused, and never half', {
  timeout: 120_000,
}, async () => {
  const target = await here.open();
  const whole = document();
  const places = [...placesIn(whole)];
  expect(places.length).toBeGreaterThan(250);
  let refused = 0;
  for (const path of places) {
    for (const value of [undefined, null, -1.5, 'x', { $x: [1] }, [{}]]) {
      const text = JSON.stringify(changed(whole, path, value));
      try {
        await target.transaction(async (connection) => {
          await importList(connection, readListFile(text, 'a file'), options);
          throw new Undone();
        });
      } catch (error) {
        if (error instanceof Undone) continue;
        refused += 1;
        expect(error, `${path.join('.')} = ${JSON.stringify(value)}`).toBeInstanceOf(FerrymanError);
        expect(error, `${path.join('.')} = ${JSON.stringify(value)}`).not.toBeInstanceOf(DatabaseError);
      }
    }
  }
  expect(refused).toBeGreaterThan(500);
  expect(await allLists(target.connection)).toEqual([]);
});

/** What was tried is undone. */
class Undone extends Error {}
