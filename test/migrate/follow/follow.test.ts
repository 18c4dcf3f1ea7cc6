import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportList } from '../../../migrate/export21/index.ts';
import { type Followed, followList, lagOf } from '../../../migrate/follow/follow.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { PyBytes, type PyDict, PyFloat } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { runSite } from '../../../migrate/site/run.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { type Cutover, findCutover, insertCutover, moveStage } from '../../../src/database/cutover.ts';
import type { Database } from '../../../src/database/handle.ts';
import { heldMessagesOf } from '../../../src/database/held-messages.ts';
import { findList, updateList } from '../../../src/database/lists.ts';
import { membersOfList } from '../../../src/database/members.ts';
import { findPending, insertPending } from '../../../src/database/pending.ts';
import { listRules } from '../../../src/lists/rules.ts';
import { parseUtc, utcNow } from '../../../src/model/time.ts';
import { installMailman2, type Mailman2 } from '../../peers/mailman2/install.ts';
import { defaultConfig } from '../../support/services.ts';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';

const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));
const LIST = 'plain.lists.example.com';

const options = {
  clock: { now: utcNow },
  style: 'legacy-default',
  language: 'en',
  rules: listRules(defaultConfig()),
  moderatorLife: 180 * 86_400,
  siteOwner: 'postmaster@example.com',
};

let folder: string;
let mailman: Mailman2;
let database: Database;
let sink: SmtpSink;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-follow-'));
  mailman = installMailman2(folder, SITE, ['plain']);
  database = await openDatabase('sqlite:///:memory:');
  sink = await startSmtpSink();
  await runSite(database, openSite(mailman.varDir), {
    ...options,
    lists: ['plain'],
    domainOf: new Map(),
    queues: false,
    bounceEvents: true,
    dryRun: false,
    progress: () => {},
  });
  await insertCutover(database.connection, {
    listId: LIST,
    since: utcNow(),
    mailman2Name: 'plain',
    mailman2Domain: 'localhost',
  });
  await follow();
});

afterEach(async () => {
  await mailman.stop();
  await sink.stop();
  await database.close();
  rmSync(folder, { recursive: true });
});

async function cutover(): Promise<Cutover> {
  const found = await findCutover(database.connection, LIST);
  if (!found) throw new Error('the list is not noted');
  return found;
}

async function follow(): Promise<Followed> {
  return followList(database, openSite(mailman.varDir), await cutover(), options);
}

async function members(): Promise<string[]> {
  return (await membersOfList(database.connection, LIST, ['member'])).map(({ email }) => email);
}

const lag = async (): Promise<number> => lagOf(openSite(mailman.varDir), await cutover(), Date.now());

test('nothing is read while nothing changes', async () => {
  expect(await follow()).toEqual({ kind: 'unchanged' });
  expect(await lag()).toBe(0);
});

test('who joins and leaves at Mailman 2 joins and leaves here, and the lag tells of it', async () => {
  mailman.run('add_members', ['-r', '-', 'plain'], 'Zoe@people.example\n');
  await sleep(50);
  expect(await lag()).toBeGreaterThan(0);
  const followed = await follow();
  expect(followed).toMatchObject({
    kind: 'applied',
    outcome: { config: { members: { added: 1, removed: 0 } } },
  });
  expect(await members()).toContain('zoe@people.example');
  expect(await lag()).toBe(0);
  mailman.run('remove_members', ['plain', 'zoe@people.example']);
  expect((await follow()).kind).toBe('applied');
  expect(await members()).not.toContain('zoe@people.example');
});

test('a post that Mailman 2 holds is held here, and is gone when a moderator has decided', async () => {
  const before = (await heldMessagesOf(database.connection, LIST)).length;
  await mailman.start(sink.port);
  mailman.post('plain', 'From: stranger@people.example\nMessage-ID: <held@x>\nSubject: Hi\n\nText.\n');
  // Mailman 2 writes one of its files after the other, and either may be seen alone.
  await until(async () => {
    await follow();
    return (await heldMessagesOf(database.connection, LIST)).length === before + 1;
  });
  const held = await heldMessagesOf(database.connection, LIST);
  expect(held.at(-1)).toMatchObject({ sender: 'stranger@people.example', messageId: '<held@x>' });
  mailman.run('admindb', ['plain', 'discard', String(mailman.lastRequestId('plain'))]);
  await follow();
  expect(await heldMessagesOf(database.connection, LIST)).toHaveLength(before);
});

test('a post that is counted leaves members alone; the next change of a member is seen', async () => {
  mailman.run('add_members', ['-r', '-', 'plain'], 'zoe@people.example\n');
  await follow();
  const { connection } = database;
  await connection('member').where('email', 'zoe@people.example').update({ display_name: 'Changed here' });
  const path = join(mailman.varDir, 'lists', 'plain', 'config.pck');
  const config = readPickle(readFileSync(path)) as PyDict;
  config.set(PyBytes.utf8('post_id'), new PyFloat(4711));
  config.set(PyBytes.utf8('last_post_time'), new PyFloat(1_700_000_000));
  writeFileSync(`${path}.tmp`, writePickle(config, 1));
  renameSync(`${path}.tmp`, path);
  expect(await follow()).toMatchObject({
    kind: 'applied',
    outcome: {
      config: { members: { added: 0, updated: 0, removed: 0 }, settings_changed: ['lastPostAt', 'postId'] },
    },
  });
  expect((await findList(connection, LIST))?.postId).toBe(4711);
  mailman.run('remove_members', ['plain', 'zoe@people.example']);
  expect(await follow()).toMatchObject({ outcome: { config: { members: { removed: 1 } } } });
});

test('a damaged file changes nothing, is told, and the next good one is applied', async () => {
  const before = await members();
  const file = join(mailman.varDir, 'lists', 'plain', 'config.pck');
  for (const name of [file, `${file}.last`]) writeFileSync(name, 'not a pickle');
  const followed = await follow();
  expect(followed).toMatchObject({ kind: 'failed', problem: expect.stringContaining(file) });
  expect(await members()).toEqual(before);
  expect(await lag()).toBeGreaterThan(0);
});

test('alongside, no number of a post is used twice', async () => {
  await moveStage(database.connection, LIST, { from: 'legacy', to: 'alongside', now: utcNow() });
  const list = await findList(database.connection, LIST);
  if (!list) throw new Error('the list is gone');
  await updateList(database.connection, { ...list, postId: list.postId + 5 });
  mailman.run('add_members', ['-r', '-', 'plain'], 'yan@people.example\n');
  await follow();
  expect((await findList(database.connection, LIST))?.postId).toBe(list.postId + 5);
});

test('a token that was given out here, and went to Mailman 2 with the list, comes back as the same', async () => {
  const list = await findList(database.connection, LIST);
  if (!list) throw new Error('the list is gone');
  const token = '0123456789012345678901234567890123456789';
  const expiresAt = parseUtc('2036-10-05T10:00:00Z');
  if (!expiresAt) throw new Error('that is a time');
  await insertPending(database.connection, {
    ...{ token, listId: LIST, kind: 'unsubscription', email: 'anne@people.example', createdAt: utcNow() },
    ...{ expiresAt, data: { token_owner: 'subscriber', address: 'Anne@people.example', display_name: '' } },
  });
  const { files } = await exportList(database.connection, list, utcNow());
  writeFileSync(
    join(mailman.varDir, 'lists', 'plain', 'pending.pck'),
    files.get('pending.pck') ?? 'nothing was exported',
  );
  expect(await follow()).toMatchObject({
    kind: 'applied',
    outcome: { confirmations: { changes: { added: 1 } } },
  });
  expect(await findPending(database.connection, token, utcNow())).toMatchObject({
    ...{ kind: 'unsubscription', email: 'anne@people.example', expiresAt },
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await sleep(50);
  }
}
