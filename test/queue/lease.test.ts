import { afterEach, expect, test, vi } from 'vitest';
import { takeEntries } from '../../src/database/queue-entries.ts';
import { insertWorker } from '../../src/database/queue-workers.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { later } from '../../src/queue/later.ts';
import { WorkerLease } from '../../src/queue/lease.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { stoppedClock, testServices } from '../support/services.ts';

const OTHER = 'f'.repeat(32);
const ROUND = 15;

afterEach(() => {
  vi.useRealTimers();
});

test('where the database was away, others have time to say that they live; who does not is dead', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const clock = stoppedClock();
  const database = await sqlitePlace().open();
  const { connection } = database;
  const lease = new WorkerLease(testServices(database, { clock }), 'one');
  await lease.begin(() => {});
  await insertWorker(connection, {
    workerId: OTHER,
    instance: 'other',
    aliveUntil: later(clock.now(), 60),
  });
  const entryId = await enqueue(connection, clock, 'in', Buffer.from('Subject: a\r\n\r\n'), {});
  await takeEntries(connection, [entryId], OTHER);
  const holder = () => connection('queue_entry').pluck('worker_id');
  /** Lets time pass, and the lease be renewed. */
  const round = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    vi.advanceTimersByTime(ROUND * 1000);
    await expect
      .poll(() => connection('queue_worker').where('worker_id', lease.workerId).pluck('alive_until'))
      .toEqual([later(clock.now(), 60)]);
  };

  await round(ROUND);
  expect(await holder()).toEqual([OTHER]);
  await round(300);
  expect(await holder()).toEqual([OTHER]);
  await round(ROUND);
  expect(await holder()).toEqual([null]);
  await lease.end();
});
