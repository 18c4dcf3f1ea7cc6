import { afterEach, beforeEach, expect, test } from 'vitest';
import { stagedProcessors } from '../../../compat/cutover/staged-processors.ts';
import { beginHandingOver, endHandingOver, insertCutover, moveStage } from '../../../src/database/cutover.ts';
import { insertHandedOver } from '../../../src/database/handed-over.ts';
import { shadowPostsOf } from '../../../src/database/shadow-posts.ts';
import { incomingStep } from '../../../src/flow/incoming-step.ts';
import { pipelineStep } from '../../../src/flow/pipeline-step.ts';
import { parseUtc, type UtcTime } from '../../../src/model/time.ts';
import { nextEntryId } from '../../../src/queue/entry.ts';
import { PutOffError } from '../../../src/queue/errors.ts';
import type { MessageMetadata } from '../../../src/queue/queues.ts';
import { type Enqueued, type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { defaultConfig } from '../../support/services.ts';

const LONG_AGO = parseUtc('2000-01-01T00:00:00Z') as UtcTime;
const MEMBERS = ['anne@example.com', 'bart@example.com', 'Cris@example.com'];

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(MEMBERS);
});

afterEach(() => bench.close());

const processors = stagedProcessors({
  in: incomingStep,
  pipeline: pipelineStep,
  command: async (_entry, { enqueue }) =>
    enqueue('virgin', Buffer.from('Subject: answered here\r\n\r\n'), {}),
});

/** Takes a mail through the queues `in` and `pipeline` as one that came to an address with a stage. */
async function receive(content: string, stage: 'observe' | 'alongside'): Promise<Enqueued[]> {
  const bytes = Buffer.from(content.replace(/\n/g, '\r\n'), 'latin1');
  const metadata: MessageMetadata = { listid: 'ant.example.com', to_list: true, envelope_sender: '', stage };
  const first = await run('in', bytes, metadata);
  const rest = await Promise.all(
    first
      .filter(({ queue }) => queue === 'pipeline')
      .map(({ message, metadata: passed }) => run('pipeline', message.toBuffer(), passed)),
  );
  return [...first.filter(({ queue }) => queue !== 'pipeline'), ...rest.flat()];
}

function run(
  queue: 'in' | 'pipeline' | 'command',
  message: Buffer,
  metadata: MessageMetadata,
): Promise<Enqueued[]> {
  const entry = { id: nextEntryId(), queue, message, metadata, attempts: 0 };
  return bench.step(async (step) => processors[queue]?.(entry, step));
}

const recorded = () => shadowPostsOf(bench.database.connection, 'ant.example.com', LONG_AGO);

async function heldPosts(): Promise<number> {
  return (await bench.database.connection('held_message').select()).length;
}

test('what is observed is recorded and archived; nothing leaves and nothing changes', async () => {
  const before = await bench.list();
  const enqueued = await receive(mail({ Subject: 'Hello' }), 'observe');
  expect(enqueued.map(({ queue }) => queue)).toEqual(['archive']);
  const [post, ...others] = await recorded();
  expect(others).toEqual([]);
  expect(post).toMatchObject({ stage: 'observe', decision: 'accept', messageId: '<one@example.com>' });
  // The author gets a copy, as Mailman's default is.
  expect(post?.outcome.recipients).toEqual(['anne@example.com', 'bart@example.com', 'cris@example.com']);
  expect(post?.outcome.delivered).toEqual([]);
  expect(post?.content.toString()).toMatch(/^Subject: \[Ant\] Hello\r$/m);
  expect(await bench.list()).toEqual(before);
});

test('what would be held is recorded with its reason, and neither held nor answered', async () => {
  const enqueued = await receive(mail({ From: 'stranger@example.net' }), 'observe');
  expect(enqueued).toEqual([]);
  expect(await heldPosts()).toBe(0);
  const [post] = await recorded();
  expect(post).toMatchObject({ decision: 'hold', outcome: { recipients: [] } });
  expect(post?.outcome.reasons.join()).toContain('not from a list member');
  expect(post?.outcome.notices).toHaveLength(2);
});

test('alongside, a post goes to the members that were handed over and to nobody else', async () => {
  await bench.database.transaction((connection) =>
    insertHandedOver(connection, 'ant.example.com', ['cris@example.com', 'gone@example.com'], LONG_AGO),
  );
  const enqueued = await receive(mail(), 'alongside');
  const out = enqueued.filter(({ queue }) => queue === 'out');
  expect(out.map(({ metadata }) => metadata.recipients)).toEqual([['Cris@example.com']]);
  const [post] = await recorded();
  expect(post?.outcome).toMatchObject({
    recipients: ['anne@example.com', 'bart@example.com', 'cris@example.com'],
    delivered: ['cris@example.com'],
  });
});

test('alongside, before anybody is handed over, nothing is sent', async () => {
  expect((await receive(mail(), 'alongside')).map(({ queue }) => queue)).toEqual(['archive']);
});

test('alongside, what would be held is left to Mailman 2 and kept until it has decided', async () => {
  const content = mail({ From: 'stranger@example.net' });
  expect(await receive(content, 'alongside')).toEqual([]);
  expect(await heldPosts()).toBe(0);
  const [post] = await recorded();
  expect(post?.decision).toBe('hold');
  expect(post?.content.toString('latin1')).toBe(content.replace(/\n/g, '\r\n'));
});

/** Notes the list as one that moves, in the stage alongside, with one member handed over. */
async function moveAlongside(): Promise<void> {
  const { connection } = bench.database;
  await insertCutover(connection, {
    listId: 'ant.example.com',
    since: LONG_AGO,
    mailman2Name: 'ant',
    mailman2Domain: 'localhost',
  });
  await moveStage(connection, 'ant.example.com', { from: 'legacy', to: 'alongside', now: LONG_AGO });
  await insertHandedOver(connection, 'ant.example.com', ['cris@example.com'], LONG_AGO);
}

test('a post that comes while members change sides waits, then goes to both', async () => {
  await moveAlongside();
  const { connection } = bench.database;
  await beginHandingOver(connection, 'ant.example.com', { way: 'hand-over', keys: [] });
  const bytes = Buffer.from(mail().replace('From:', 'Message-ID-Hash: X\nFrom:').replace(/\n/g, '\r\n'));
  const metadata: MessageMetadata = {
    ...{ listid: 'ant.example.com', to_list: true, stage: 'handover' },
    envelope_sender: 'anne@example.com',
  };
  await expect(run('in', bytes, metadata)).rejects.toThrow(PutOffError);
  await endHandingOver(connection, 'ant.example.com');
  const enqueued = await run('in', bytes, metadata);
  const [relayed, own] = enqueued;
  expect(enqueued).toHaveLength(2);
  expect(relayed).toMatchObject({
    queue: 'out',
    metadata: { recipients: ['ant@localhost'], envsender: 'anne@example.com', relayed: true },
  });
  expect(relayed?.message.toBuffer().toString()).toBe(mail().replace(/\n/g, '\r\n'));
  expect(own).toMatchObject({ queue: 'in', metadata: { stage: 'alongside' } });
});

test.each([
  ['cris@example.com', [['virgin', undefined]]],
  ['anne@example.com', [['out', ['ant-request@localhost']]]],
])('alongside, a command of %s is answered by whoever delivers to them', async (from, expected) => {
  await moveAlongside();
  const metadata: MessageMetadata = {
    ...{ listid: 'ant.example.com', to_request: true, subaddress: 'request', stage: 'alongside' },
    envelope_sender: from,
  };
  const enqueued = await run('command', Buffer.from(mail({ From: from, Subject: 'help' })), metadata);
  expect(enqueued.map(({ queue, metadata: sent }) => [queue, sent.recipients])).toEqual(expected);
});

test('a command that was on its way here when the list went back goes to Mailman 2', async () => {
  await moveAlongside();
  const { connection } = bench.database;
  await moveStage(connection, 'ant.example.com', { from: 'alongside', to: 'legacy', now: LONG_AGO });
  const token = '0123456789012345678901234567890123456789';
  const metadata: MessageMetadata = {
    ...{ listid: 'ant.example.com', subaddress: 'confirm', extension: token },
    envelope_sender: 'anne@example.com',
  };
  const config = defaultConfig();
  const beside = { ...config, cutover: { ...config.cutover, mailman2_var_dir: '/var/lib/mailman' } };
  const take = async (taken: MessageMetadata) => {
    const entry = { id: nextEntryId(), queue: 'command' as const, message: Buffer.from(mail()) };
    const enqueued = await bench.step(async (step) =>
      processors.command?.({ ...entry, metadata: taken, attempts: 0 }, { ...step, config: beside }),
    );
    return enqueued.map(({ queue, metadata: sent }) => [queue, sent.recipients]);
  };
  expect(await take(metadata)).toEqual([['out', [`ant-confirm+${token}@localhost`]]]);
  // What this server has put there for itself is for no address.
  expect(await take({ listid: 'ant.example.com' })).toEqual([['virgin', undefined]]);
});

test('alongside, a token that is not ours goes to Mailman 2 with its address whole', async () => {
  await moveAlongside();
  const token = '0123456789012345678901234567890123456789';
  const enqueued = await run('command', Buffer.from(mail()), {
    ...{ listid: 'ant.example.com', subaddress: 'confirm', extension: token, stage: 'alongside' },
    envelope_sender: 'cris@example.com',
  });
  expect(enqueued.map(({ metadata }) => metadata.recipients)).toEqual([[`ant-confirm+${token}@localhost`]]);
});

test.each(['x@example.net', 'x%example.net', '"x"', 'a!b'])(
  'alongside, an extension such as %s takes no mail to another host',
  async (extension) => {
    await moveAlongside();
    const enqueued = await run('command', Buffer.from(mail()), {
      ...{ listid: 'ant.example.com', subaddress: 'confirm', extension, stage: 'alongside' },
      envelope_sender: 'cris@example.com',
    });
    expect(enqueued).toEqual([]);
  },
);
