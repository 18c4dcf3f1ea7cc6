import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heldMessagesOf } from '../../src/database/held-messages.ts';
import { insertPending } from '../../src/database/pending.ts';
import { storeMessage } from '../../src/database/queue-messages.ts';
import { later } from '../../src/queue/later.ts';
import { tasks } from '../../src/server/task-table.ts';
import { startTasks } from '../../src/server/tasks.ts';
import { collect } from '../support/digests.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
});

afterEach(() => bench.close());

/** Lets all tasks of a server run once, as if all were due. */
async function runAll(): Promise<void> {
  for (const { run } of tasks(bench.services.config)) await run(bench.services);
}

const count = async (table: string): Promise<number> =>
  (await bench.database.connection(table).select()).length;

/** To whom something is about to be sent. */
async function queuedFor(): Promise<unknown[]> {
  const rows: { metadata: string }[] = await bench.database.connection('queue_entry').select('metadata');
  return rows.map(({ metadata }) => (JSON.parse(metadata) as { recipients?: unknown }).recipients);
}

test('posts that are held for too long are discarded, and moderators hear of others once a day', async () => {
  await bench.set({ emergency: true, max_days_to_hold: 3 });
  await bench.join(['owen@example.com'], { role: 'owner' });
  await bench.post(mail());
  for (const [hours, reminders] of [
    [0, 1],
    [1, 1],
    [26, 2],
  ] as const) {
    bench.clock.advance(hours * HOUR);
    await runAll();
    expect(await queuedFor()).toEqual(Array<string[]>(reminders).fill(['owen@example.com']));
  }
  expect(await heldMessagesOf(bench.database.connection, 'ant.example.com')).toHaveLength(1);
  bench.clock.advance(3 * DAY);
  await runAll();
  expect(await heldMessagesOf(bench.database.connection, 'ant.example.com')).toEqual([]);
  expect(await queuedFor()).toHaveLength(2);
});

test('digests are sent after a day', async () => {
  await bench.set({ digests_enabled: true, digest_send_periodic: true });
  await bench.join(['dora@example.net'], { deliveryMode: 'mime_digests' });
  await collect(bench, [mail()]);
  await runAll();
  expect(await count('queue_entry')).toBe(0);
  bench.clock.advance(DAY);
  await runAll();
  expect(await bench.database.connection('queue_entry').pluck('queue')).toEqual(['digest']);
});

test('what has served its time goes: tokens, and messages that nothing refers to', async () => {
  const { connection } = bench.database;
  await insertPending(connection, {
    token: 'a'.repeat(40),
    listId: 'ant.example.com',
    kind: 'subscription',
    email: 'anne@example.com',
    data: {},
    createdAt: bench.clock.now(),
    expiresAt: later(bench.clock.now(), DAY),
  });
  await storeMessage(connection, 'b'.repeat(32), Buffer.from('Subject: left\r\n\r\n'));
  bench.clock.advance(DAY - 1);
  await runAll();
  expect(await count('queue_message')).toBe(0);
  expect(await count('pending')).toBe(1);
  bench.clock.advance(2);
  await runAll();
  expect(await count('pending')).toBe(0);
});

test('a task that runs once in months does not run all the time', async () => {
  vi.useFakeTimers();
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  const { stop } = startTasks(bench.services, [{ name: 'rare', every: 90 * DAY, run }]);
  await vi.advanceTimersByTimeAsync(HOUR * 1000);
  vi.useRealTimers();
  await stop();
  expect(runs).toBe(0);
});

test('a task that fails is told, and runs again; none runs twice at once; a stop waits for it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let runs = 0;
  const running = startTasks(bench.services, [
    {
      name: 'failing',
      every: 1,
      atStart: true,
      run: async () => {
        throw new Error('no luck');
      },
    },
    {
      name: 'slow',
      every: 1,
      atStart: true,
      run: async () => {
        runs += 1;
        await promise;
      },
    },
  ]);
  const told = () => bench.services.logged.filter(({ line }) => line.includes('no luck')).length;
  await expect.poll(told, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(runs).toBe(1);
  let isStopped = false;
  const stopping = running.stop().then(() => {
    isStopped = true;
  });
  expect(isStopped).toBe(false);
  resolve();
  await stopping;
});
