import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportList, writeExport } from '../../../migrate/export21/index.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { numberOf, type PickleValue, PyBytes, PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { outcomeChangedNothing } from '../../../migrate/site/run-list.ts';
import { insertBans } from '../../../src/database/bans.ts';
import { replaceHeaderMatches } from '../../../src/database/header-matches.ts';
import { updateSettings } from '../../../src/database/lists.ts';
import { deleteMembers, findMembers, updateMember } from '../../../src/database/members.ts';
import { createList } from '../../../src/lists/create.ts';
import { listRules } from '../../../src/lists/rules.ts';
import { hashPassword } from '../../../src/membership/passwords.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { epochFromUtc } from '../../../src/model/time.ts';
import { defaultConfig } from '../../support/services.ts';
import { copySite, listIdOf, openLists, SITE } from './fixture-site.ts';
import { openSiteBench, type SiteBench } from './site-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-export-'));
let bench: SiteBench;

beforeAll(async () => {
  bench = await openSiteBench();
  await bench.run();
});

afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What Python finds different between files of a list and their export. */
function pythonDifferences(pairs: readonly (readonly [string, string])[]): string[] {
  const script = fileURLToPath(new URL('same-in-python.py', import.meta.url));
  const input = pairs.map((pair) => `${pair.join('\t')}\n`).join('');
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [script], { input, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

async function exportTo(target: SiteBench, name: string, where: string): Promise<string> {
  const exported = await exportList(target.database.connection, await target.list(name), target.clock.now());
  writeExport(exported, where, false);
  return where;
}

function configIn(where: string): PyDict {
  const value = readPickle(readFileSync(join(where, 'config.pck')));
  if (!(value instanceof PyDict)) throw new Error('no dictionary');
  return value;
}

function dictAt(config: PyDict, key: string): PyDict {
  const value = config.get(key);
  if (!(value instanceof PyDict)) throw new Error(`${key} is no dictionary`);
  return value;
}

describe.each(openLists)('list %s that nobody has changed', (name) => {
  test('goes back with every attribute of the same value and Python type, and all that waits', async () => {
    const where = await exportTo(bench, name, join(folder, name));
    const source = join(SITE, 'lists', name);
    const files = ['config.pck', 'request.pck', 'pending.pck'].filter((file) =>
      existsSync(join(source, file)),
    );
    const pairs = files.map((file): [string, string] => [
      join(source, name === 'broken-last' && file === 'config.pck' ? 'config.pck.last' : file),
      join(where, file),
    ]);
    expect(pythonDifferences(pairs)).toEqual([]);
    const held = openLists.find(([list]) => list === name)?.[1].held_messages ?? [];
    for (const { file, load_error } of held) {
      if (load_error !== undefined) continue;
      expect(readFileSync(join(where, 'data', file)).equals(readFileSync(join(SITE, 'data', file)))).toBe(
        true,
      );
    }
  });
});

describe('a list that was changed here', () => {
  let where: string;
  let source: string;

  beforeAll(async () => {
    const changed = await openSiteBench();
    await changed.run(undefined, { lists: ['plain'] });
    const { connection } = changed.database;
    const list = await changed.list('plain');
    const listed = await updateSettings(connection, list, {
      description: 'Größer',
      max_message_size: 99,
      advertised: !list.settings.advertised,
      subscription_policy: 'moderate',
      admin_password: await hashPassword('secret'),
      accept_these_nonmembers: ['friend@example.com', '^.*@example\\.net$'],
    });
    const mailbox = { address: 'New.Reader@example.com', displayName: 'Jörg' };
    await subscribe(connection, listed, [mailbox], { role: 'member', verified: true });
    const members = await findMembers(connection, list.listId, 'member', [
      'anna@example.com',
      'bert@example.net',
    ]);
    const [anna, bert] = [members.get('anna@example.com'), members.get('bert@example.net')];
    if (!anna || !bert) throw new Error('no members');
    await deleteMembers(connection, [bert.memberId]);
    await updateMember(connection, {
      ...anna,
      displayName: 'Anna Neu',
      preferences: { ...anna.preferences, delivery_mode: 'mime_digests', delivery_status: 'by_user' },
    });
    where = await exportTo(changed, 'plain', join(folder, 'changed'));
    await changed.close();
    source = copySite(join(folder, 'site'));
    for (const file of ['config.pck', 'request.pck', 'pending.pck'])
      writeFileSync(join(source, 'lists/plain', file), readFileSync(join(where, file)));
  });

  test('says what it is now, with the types of Mailman', () => {
    const config = configIn(where);
    // us-ascii has no umlauts; Mailman's pages write them so.
    expect(config.get('description')).toEqual(new PyBytes('Gr&#246;&#223;er'));
    expect(config.get('max_message_size')).toBe(99);
    expect(config.get('subscribe_policy')).toBe(2);
    expect(config.get('accept_these_nonmembers')).toEqual([
      new PyBytes('friend@example.com'),
      new PyBytes('^.*@example\\.net$'),
    ]);
    // A hash of ours says nothing to Mailman 2.1.
    expect(config.get('password')).toEqual(new PyBytes(''));
  });

  test('has its members', () => {
    const config = configIn(where);
    const before = configIn(join(SITE, 'lists/plain'));
    const regular = dictAt(config, 'members');
    const digest = dictAt(config, 'digest_members');
    expect([regular.has('bert@example.net'), digest.has('bert@example.net')]).toEqual([false, false]);
    expect(dictAt(config, 'passwords').has('bert@example.net')).toBe(false);
    expect([regular.has('anna@example.com'), digest.get('anna@example.com')]).toEqual([false, 0]);
    expect(dictAt(config, 'usernames').get('anna@example.com')).toEqual(new PyBytes('Anna Neu'));
    const status = dictAt(config, 'delivery_status').get('anna@example.com');
    expect(status instanceof PyTuple && status.items[0]).toBe(2);
    expect(dictAt(config, 'passwords').get('anna@example.com')).toEqual(
      dictAt(before, 'passwords').get('anna@example.com'),
    );
    expect(regular.get('new.reader@example.com')).toEqual(new PyBytes('New.Reader@example.com'));
    const password: PickleValue | undefined = dictAt(config, 'passwords').get('new.reader@example.com');
    expect(password instanceof PyBytes && /^[a-z]{8}$/.test(password.latin1)).toBe(true);
  });

  test('comes back as it left', async () => {
    const again = await openSiteBench();
    await again.run(source, { lists: ['plain'] });
    const second = await exportTo(again, 'plain', join(folder, 'second'));
    const pairs = ['config.pck', 'request.pck', 'pending.pck'].map((file): [string, string] => [
      join(where, file),
      join(second, file),
    ]);
    expect(pythonDifferences(pairs)).toEqual([]);
    const report = await again.run(source, { lists: ['plain'] });
    expect(report.lists.every(outcomeChangedNothing)).toBe(true);
    await again.close();
  });
});

test('a list of an older Mailman 2.1 has byte strings for what was set here first, and unicode for patterns', async () => {
  const old = copySite(join(folder, 'old'));
  const path = join(old, 'lists/plain/config.pck');
  const kept = ['data_version', 'members', 'digest_members', 'preferred_language', 'host_name', 'passwords'];
  const config = readPickle(readFileSync(path));
  if (!(config instanceof PyDict)) throw new Error('no dictionary');
  const few = new PyDict([...config].filter(([key]) => key instanceof PyBytes && kept.includes(key.latin1)));
  writeFileSync(path, writePickle(few, 1));
  const changed = await openSiteBench();
  await changed.run(old, { lists: ['plain'] });
  const { connection } = changed.database;
  const list = await changed.list('plain');
  const topics = [{ name: 'Größe', patterns: 'groß', description: '' }];
  await updateSettings(connection, list, { topics, one_last_digest: ['anna@example.com'] });
  await insertBans(connection, [{ listId: list.listId, email: 'bad@example.com' }]);
  await replaceHeaderMatches(connection, list.listId, [
    { header: 'x-spam', pattern: 'größer ☃', action: 'hold', tag: null },
  ]);
  const after = configIn(await exportTo(changed, 'plain', join(folder, 'older')));
  await changed.close();
  expect(after.keys.filter((key) => !(key instanceof PyBytes))).toEqual([]);
  expect(after.get('ban_list')).toEqual([new PyBytes('bad@example.com')]);
  // That of a list whose charset is us-ascii.
  const [topic] = after.get('topics') as PickleValue[];
  expect(topic instanceof PyTuple && topic.items[0]).toEqual(new PyBytes('Gr&#246;&#223;e'));
  const [rule] = after.get('header_filter_rules') as PickleValue[];
  expect(rule instanceof PyTuple && rule.items).toEqual(['^x-spam:.*größer ☃', 7, false]);
});

test('a list that was made here goes back as one that Mailman 2.1 could have made', async () => {
  const made = await openSiteBench();
  await made.run(undefined, { lists: ['vereinsrundbrief'] });
  await made.database.connection('migrated_source').delete();
  const where = await exportTo(made, 'vereinsrundbrief', join(folder, 'made/lists/vereinsrundbrief'));
  const original = configIn(join(SITE, 'lists/vereinsrundbrief'));
  const config = configIn(where);
  const names = new Set([...original.keys].map((key) => (key instanceof PyBytes ? key.latin1 : String(key))));
  const written = new Set([...config.keys].map((key) => (key instanceof PyBytes ? key.latin1 : String(key))));
  expect([...names].filter((name) => !written.has(name))).toEqual([]);
  mkdirSync(dirname(join(folder, 'made/data')), { recursive: true });
  const second = await openSiteBench();
  const report = await second.run(join(folder, 'made'), { lists: ['vereinsrundbrief'] });
  expect(report.failed).toEqual([]);
  const id = listIdOf('vereinsrundbrief');
  const roster = async ({ database }: SiteBench) =>
    database
      .connection('member')
      .where('list_id', id)
      .orderBy(['role', 'email'])
      .select(
        'role',
        'email',
        'original_email',
        'display_name',
        'delivery_mode',
        'delivery_status',
        'preferred_language',
        'moderation_action',
      );
  expect(await roster(second)).toEqual(await roster(made));
  const settings = async (target: SiteBench) => (await target.list('vereinsrundbrief')).settings;
  expect(await settings(second)).toEqual(await settings(made));
  await made.close();
  await second.close();
});

test('a list that Mailman 2.1 never had gets the links of its pages, and keeps its age', async () => {
  const made = await openSiteBench();
  const rules = listRules(defaultConfig());
  const { connection } = made.database;
  const wanted = { style: 'legacy-default', language: 'en', owners: [], createDomain: true };
  const list = await createList(connection, { ...wanted, address: 'new@lists.example.com' }, rules);
  const { files } = await exportList(connection, list, made.clock.now());
  const config = readPickle(files.get('config.pck') ?? Buffer.alloc(0));
  if (!(config instanceof PyDict)) expect.fail();
  expect(config.get('web_page_url')).toEqual(new PyBytes('http://lists.example.com/mailman/'));
  expect(numberOf(config.get('created_at'))).toBeCloseTo(epochFromUtc(list.createdAt));
  await made.close();
});
