import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awaitHeldPosts } from '../../../compat/cutover/await-held.ts';
import { LogFollower } from '../../../compat/cutover/logs/follow-logs.ts';
import { parityPage } from '../../../compat/cutover/parity/page.ts';
import { listParity } from '../../../compat/cutover/parity/parity.ts';
import { formatParity } from '../../../compat/cutover/parity/text.ts';
import { settlePosts } from '../../../compat/cutover/settle.ts';
import { stagedProcessors } from '../../../compat/cutover/staged-processors.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { insertCutover, moveStage } from '../../../src/database/cutover.ts';
import { insertHandedOver } from '../../../src/database/handed-over.ts';
import { insertHeldMessage } from '../../../src/database/held-messages.ts';
import { mailman2PostsOf } from '../../../src/database/mailman2-posts.ts';
import { insertMigratedItems } from '../../../src/database/migrated-items.ts';
import { insertShadowPost, shadowPostsOf } from '../../../src/database/shadow-posts.ts';
import { incomingStep } from '../../../src/flow/incoming-step.ts';
import { pipelineStep } from '../../../src/flow/pipeline-step.ts';
import type { AddressStage } from '../../../src/model/cutover.ts';
import { parseUtc, type UtcTime } from '../../../src/model/time.ts';
import { receivedMessage } from '../../../src/mta/reception.ts';
import { nextEntryId } from '../../../src/queue/entry.ts';
import type { MessageMetadata } from '../../../src/queue/queues.ts';
import { type Enqueued, type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { testServices } from '../../support/services.ts';

const LIST = 'ant.example.com';
const LONG_AGO = parseUtc('2000-01-01T00:00:00Z') as UtcTime;

let folder: string;
let bench: FlowBench;
let follower: LogFollower;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-settle-'));
  for (const name of ['lists', 'logs']) mkdirSync(join(folder, name));
  bench = await openFlowBench();
  await bench.join(['anne@example.com', 'bart@example.com', 'cris@example.com']);
  const { connection } = bench.database;
  await insertCutover(connection, {
    ...{ listId: LIST, since: LONG_AGO, mailman2Name: 'ant', mailman2Domain: 'localhost' },
  });
  await moveStage(connection, LIST, { from: 'legacy', to: 'alongside', now: LONG_AGO });
  await insertHandedOver(connection, LIST, ['cris@example.com'], LONG_AGO);
  follower = new LogFollower(testServices(bench.database), openSite(folder));
});

afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

const processors = stagedProcessors({ in: incomingStep, pipeline: pipelineStep });

async function run(
  queue: 'in' | 'pipeline',
  message: Buffer,
  metadata: MessageMetadata,
): Promise<Enqueued[]> {
  const entry = { id: nextEntryId(), queue, message, metadata, attempts: 0 };
  return bench.step(async (step) => processors[queue]?.(entry, step));
}

/** A post that comes here and to Mailman 2. */
async function receive(content: string, stage: AddressStage = 'alongside'): Promise<Enqueued[]> {
  const bytes = Buffer.from(content.replace(/\n/g, '\r\n'), 'latin1');
  return run('in', bytes, { listid: LIST, to_list: true, envelope_sender: 'eve@example.net', stage });
}

function log(name: string, text: string): void {
  appendFileSync(join(folder, 'logs', name), `Mar 15 09:00:00 2024 (4711) ${text}\n`);
}

async function settle(): Promise<number> {
  await follower.look();
  return settlePosts(testServices(bench.database));
}

/** What is in the queue, taken out of it. */
async function taken(): Promise<{ message: Buffer; metadata: MessageMetadata }[]> {
  const { connection } = bench.database;
  const rows = await connection('queue_entry').join(
    'queue_message',
    'queue_entry.message_id',
    'queue_message.message_id',
  );
  await connection('queue_entry').delete();
  return rows
    .filter(({ queue }) => queue === 'pipeline')
    .map(({ content, metadata }) => ({ message: content, metadata: JSON.parse(metadata) }));
}

const posts = () => shadowPostsOf(bench.database.connection, LIST, LONG_AGO);

const stranger = mail({ From: 'eve@example.net' });

test('a post that would be held here goes to the members handed over when a moderator of Mailman 2 approves it, once', async () => {
  await receive(stranger);
  log('vette', 'Ant post from eve@example.net held, message-id=<one@example.com>: Post by non-member');
  expect(await settle()).toBe(0);
  expect(await taken()).toEqual([]);
  log('vette', 'ant: held message approved, message-id: <one@example.com>');
  expect(await settle()).toBe(1);
  expect(await settle()).toBe(0);
  log('post', 'post to ant from eve@example.net, size=1, message-id=<one@example.com>, success');
  expect(await settle()).toBe(0);
  const [entry, ...others] = await taken();
  expect(others).toEqual([]);
  const sent = entry ? await run('pipeline', Buffer.from(entry.message), entry.metadata) : [];
  expect(sent.filter(({ queue }) => queue === 'out').map(({ metadata }) => metadata.recipients)).toEqual([
    ['cris@example.com'],
  ]);
  // One record: held here, delivered because Mailman 2 has accepted it.
  expect(await posts()).toMatchObject([
    {
      decision: 'hold',
      outcome: {
        delivered: ['cris@example.com'],
        recipients: ['anne@example.com', 'bart@example.com', 'cris@example.com'],
      },
      mailman2: { decision: 'hold', moderator: 'approved', followed: true },
    },
  ]);
});

test('a post that Mailman 2 has accepted at once goes on as well, also where its log was quicker than the post', async () => {
  log('post', 'post to ant from eve@example.net, size=1, message-id=<one@example.com>, success');
  expect(await settle()).toBe(0);
  await receive(stranger);
  expect(await settle()).toBe(1);
  expect(await taken()).toHaveLength(1);
});

test('a post that Mailman 2 holds since before the list was shared goes to those who are handed over when it is approved', async () => {
  const { connection } = bench.database;
  const content = Buffer.from(stranger.replace(/\n/g, '\r\n'), 'latin1');
  const held = { listId: LIST, messageId: '<one@example.com>', sender: 'eve@example.net', subject: 'Hello' };
  const metadata = { listid: LIST, to_list: true };
  const requestId = await insertHeldMessage(connection, {
    ...{ ...held, reasons: ['Post by non-member'], heldAt: LONG_AGO, metadata, content },
  });
  // It was looked at as well, and would have been accepted here: nothing was sent.
  await insertShadowPost(connection, {
    ...{ listId: LIST, messageId: '<one@example.com>', stage: 'observe', receivedAt: LONG_AGO, content },
    decision: 'accept',
    outcome: {
      reasons: [],
      recipients: [],
      delivered: [],
      notices: [],
      sender: 'eve@example.net',
      subject: '',
    },
  });
  await insertMigratedItems(connection, LIST, 'held_message', [
    { sourceId: '1', digest: 'x', target: String(requestId) },
  ]);
  await awaitHeldPosts(connection, LIST);
  await awaitHeldPosts(connection, LIST);
  log('vette', 'ant: held message approved, message-id: <one@example.com>');
  log('post', 'post to ant from eve@example.net, size=1, message-id=<one@example.com>, success');
  expect(await settle()).toBe(1);
  const [entry, ...others] = await taken();
  expect(others).toEqual([]);
  const sent = entry ? await run('pipeline', Buffer.from(entry.message), entry.metadata) : [];
  expect(sent.find(({ queue }) => queue === 'out')?.metadata.recipients).toEqual(['cris@example.com']);
});

test('what Mailman 2 refuses or discards goes nowhere', async () => {
  await receive(stranger);
  log('vette', "Message discarded, msgid: <one@example.com>'\n        list: Ant,\n        handler: Moderate");
  expect(await settle()).toBe(0);
  expect(await taken()).toEqual([]);
  expect(await posts()).toMatchObject([{ mailman2: { decision: 'discard', followed: false } }]);
});

test('what was accepted here is not sent again', async () => {
  const [accepted] = (await receive(mail())).filter(({ queue }) => queue === 'pipeline');
  if (accepted) await run('pipeline', accepted.message.toBuffer(), accepted.metadata);
  log('post', 'post to ant from anne@example.com, size=1, message-id=<one@example.com>, success');
  log('smtp', '<one@example.com> smtp to ant for 2 recips, completed in 0.001 seconds');
  expect(await settle()).toBe(0);
  expect(await taken()).toEqual([]);
  expect(await posts()).toMatchObject([
    { decision: 'accept', mailman2: { decision: 'accept', recipients: 2 } },
  ]);
});

test('two copies of one post that both wait go on their way once', async () => {
  await receive(stranger);
  await receive(stranger);
  log('post', 'post to ant from eve@example.net, size=1, message-id=<one@example.com>, success');
  expect(await settle()).toBe(1);
  expect(await settle()).toBe(0);
});

test('while Mailman 2 delivers alone, what it accepts is archived, and recorded as it would have gone out', async () => {
  await bench.database.connection('cutover').update({ stage: 'observe' });
  await receive(stranger, 'observe');
  log('post', 'post to ant from eve@example.net, size=1, message-id=<one@example.com>, success');
  expect(await settle()).toBe(1);
  const [entry] = await taken();
  const sent = entry ? await run('pipeline', Buffer.from(entry.message), entry.metadata) : [];
  expect(sent.map(({ queue }) => queue)).toEqual(['archive']);
  const [post, ...others] = await posts();
  expect(others).toEqual([]);
  expect(post).toMatchObject({ decision: 'hold', mailman2: { decision: 'accept', followed: true } });
  expect(post?.outcome).toMatchObject({
    delivered: [],
    recipients: ['anne@example.com', 'bart@example.com', 'cris@example.com'],
  });
  expect(post?.content.toString()).toMatch(/^Subject: \[Ant\]/m);
});

/** A mail that Mailman 2 sends to the listening address. */
async function hear(content: string, sender: string): Promise<Enqueued[]> {
  const bytes = receivedMessage(Buffer.from(content, 'latin1'), sender);
  const metadata = { listid: LIST, to_list: true, envelope_sender: sender, stage: 'listen' } as const;
  return run('in', bytes, metadata);
}

test('a copy at the listening address is kept for the comparison; digests, notices and mail of others are not', async () => {
  const copy = mail({ Subject: '[Ant] Hello', 'List-Id': '<ant.example.com>' });
  expect(await hear(copy, 'ant-bounces@example.com')).toEqual([]);
  await hear(mail({ 'Message-ID': '<a@x>' }), 'mallory@example.net');
  await hear(mail({ 'Message-ID': '<b@x>', From: 'ant-request@example.com' }), 'ant-bounces@example.com');
  await hear(mail({ 'Message-ID': '<c@x>', 'X-List-Administrivia': 'yes' }), 'ant-bounces@example.com');
  const kept = await mailman2PostsOf(bench.database.connection, LIST, LONG_AGO);
  expect(kept.map(({ messageId, copy: bytes }) => [messageId, bytes?.toString()])).toEqual([
    ['<one@example.com>', copy.replace(/\n/g, '\r\n')],
  ]);
});

test('with a copy, subject, headers and text are compared as well', async () => {
  const [accepted] = (await receive(mail({ Subject: 'Hello' }))).filter(({ queue }) => queue === 'pipeline');
  if (accepted) await run('pipeline', accepted.message.toBuffer(), accepted.metadata);
  log('post', 'post to ant from anne@example.com, size=1, message-id=<one@example.com>, success');
  log('smtp', '<one@example.com> smtp to ant for 2 recips, completed in 0.001 seconds');
  await hear(mail({ Subject: 'Hello', 'Reply-To': 'ant@example.com' }), 'ant-bounces@example.com');
  await settle();
  const parity = await listParity(bench.database.connection, undefined, await bench.list(), LONG_AGO);
  expect(parity).toMatchObject({ posts: 1, different: 1, percent: 0 });
  const [post] = parity.details;
  expect(post?.compared).toEqual(['decision', 'recipients', 'subject', 'headers', 'text']);
  expect(post?.differences).toContainEqual({
    ...{ aspect: 'subject', header: null, mailman2: 'Hello', here: '[Ant] Hello', improvement: null },
  });
  expect(post?.differences.map(({ header }) => header)).toContain('Reply-To');
  const lines = formatParity(parity);
  expect(lines[0]).toBe('ant@example.com: parity 0 %; of 1 posts 0 equal, 1 different');
  expect(lines).toContain('    subject: there "Hello", here "[Ant] Hello"');
});

test('a hostile post does not reach into the page of the report', async () => {
  await receive(mail({ Subject: '<script>alert(1)</script>', From: '"><img src=x>@example.net' }));
  const page = parityPage(
    [await listParity(bench.database.connection, undefined, await bench.list(), LONG_AGO)],
    LONG_AGO,
  );
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toMatch(/<script|<img/);
});

test('a post of Mailman 2 that did not come here is named', async () => {
  await receive(stranger);
  const now = bench.clock.now();
  const stamp = new Date(Date.parse(now))
    .toString()
    .slice(4, 24)
    .replace(/^(\S+ \S+) (\S+) (\S+)$/, '$1 $3 $2');
  appendFileSync(
    join(folder, 'logs/post'),
    `${stamp} (1) post to ant from anne@example.com, size=1, message-id=<lost@x>, success\n`,
  );
  await settle();
  const parity = await listParity(bench.database.connection, undefined, await bench.list(), LONG_AGO);
  expect(parity.missing).toEqual(['<lost@x>']);
  expect(parity).toMatchObject({ posts: 1, unknown: 1, percent: null });
});
