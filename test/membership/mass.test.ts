import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { commandStep } from '../../src/flow/command-step.ts';
import { addMembers, inviteMembers, removeMembers } from '../../src/membership/mass.ts';
import { confirmToken } from '../../src/membership/workflow/confirm.ts';
import { parseAddresses } from '../../src/message/addresses.ts';
import { openBench, type WorkflowBench } from './workflow/bench.ts';

let bench: WorkflowBench;
let database: Database;

beforeEach(async () => {
  database = await openDatabase('sqlite:///:memory:');
  bench = await openBench(database);
});

afterEach(() => database.close());

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    address: `p${index}@example.com`,
    displayName: `Pérson "${index}"`,
  }));

const options = { verified: true, whence: 'test' };

/** Works on what waits in the queue `command`. @returns the size of each entry's share of mails */
async function work(): Promise<number[]> {
  const sizes: number[] = [];
  const entries = bench.queued.filter(({ queue }) => queue === 'command');
  for (const entry of entries) {
    bench.queued.splice(bench.queued.indexOf(entry), 1);
    const before = bench.queued.length;
    await bench.run((step) => commandStep(entry.bytes, entry.metadata, step));
    sizes.push(bench.queued.length - before);
  }
  return sizes;
}

it('welcomes many in steps of fifty, each in the person’s language', async () => {
  await bench.run((step, list) => addMembers(step, list, people(1), { ...options, toPerson: false }));
  await database.connection('address').update({ preferred_language: 'de' });
  await database.connection('member').delete();
  await bench.run((step, list) =>
    addMembers(step, list, people(250), { ...options, deliveryMode: 'mime_digests' }),
  );
  expect(await bench.emails()).toHaveLength(250);
  expect(await work()).toEqual([50, 50, 50, 50, 50]);
  expect(bench.queued[0]?.metadata.lang).toBe('de');
  expect(parseAddresses(bench.queued[1]?.message.headers.get('To') ?? '')).toEqual([people(2)[1]]);
  expect(bench.mails()[1]).toBe('p1@example.com: Welcome to the "Ant" mailing list (Digest mode)');
});

it('says goodbye to those who were members, and tells owners of each', async () => {
  await bench.run((step, list) => addMembers(step, list, people(2), { ...options, toPerson: false }));
  const outcome = await bench.run((step, list) =>
    removeMembers(step, list, people(3), { whence: 'test', toOwners: true }),
  );
  expect(outcome).toEqual([true, true, false]);
  await work();
  expect(bench.mails()).toEqual([
    'p0@example.com: You have been unsubscribed from the Ant mailing list',
    'changeme@example.com: Ant unsubscription notification',
    'p1@example.com: You have been unsubscribed from the Ant mailing list',
    'changeme@example.com: Ant unsubscription notification',
  ]);
});

it('says nothing of a list that was removed meanwhile', async () => {
  await bench.run((step, list) => addMembers(step, list, people(1), options));
  const [entry] = bench.queued;
  await database.connection('mailing_list').delete();
  await database.transaction(async (connection) => {
    const enqueue = async () => expect.fail('nothing is sent');
    const step = { connection, enqueue } as unknown as Parameters<typeof commandStep>[2];
    await commandStep(entry?.bytes ?? new Uint8Array(), entry?.metadata ?? {}, step);
  });
});

it('invites those who can be, and says why others cannot', async () => {
  await bench.run((step, list) => addMembers(step, list, people(1), { ...options, toPerson: false }));
  const invite = () =>
    bench.run((step, list) =>
      inviteMembers(step, list, [...people(2), { address: 'nobody', displayName: '' }], { whence: '' }),
    );
  expect(await invite()).toEqual(['already', 'invited', 'invalid']);
  expect(await invite()).toEqual(['already', 'pending', 'invalid']);
  await work();
  const token = /\+([0-9a-f]{40})@/.exec(bench.queued[0]?.message.headers.get('From') ?? '')?.[1] ?? '';
  expect(bench.mails()).toEqual([
    'p1@example.com: You have been invited to join the ant@example.com mailing list.',
  ]);
  await bench.set({ subscription_policy: 'moderate' });
  await bench.run((step, list) => confirmToken(step, list, token, ''));
  expect(await bench.emails()).toEqual(['p0@example.com', 'p1@example.com']);
});
