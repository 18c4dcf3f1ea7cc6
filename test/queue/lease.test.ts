import { afterEach, expect, test, vi } from 'vitest';
import { queuesWithWork, takeEntries } from '../../src/database/queue-entries.ts';
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

test('what was stored while the clock was ahead is due at once when the clock is set back', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const clock = stoppedClock();
  const database = await sqlitePlace().open();
  const { connection } = database;
  const put = () => enqueue(connection, clock, 'in', Buffer.from('Subject: a\r\n\r\n'), {});
  const due = () => queuesWithWork(connection, clock.now());
  const lease = new WorkerLease(testServices(database, { clock }), 'one');
  clock.advance(7200);
  await put();
  clock.advance(-7200);
  expect(await due()).toEqual([]);
  let woken = 0;
  await lease.begin(() => {
    woken += 1;
  });
  expect(await due()).toEqual(['in']);
  clock.advance(7200);
  await put();
  await connection('queue_entry').update({ run_at: clock.now() });
  // A retry that is planned stays where it is.
  clock.advance(900);
  await put();
  clock.advance(-900);
  vi.advanceTimersByTime(ROUND * 1000);
  await expect.poll(() => connection('queue_worker').pluck('alive_until')).toEqual([later(clock.now(), 60)]);
  expect(woken).toBe(0);
  clock.advance(-7200);
  vi.advanceTimersByTime(ROUND * 1000);
  await expect.poll(() => woken).toBe(1);
  expect(await connection('queue_entry').where('run_at', '>', clock.now()).pluck('run_at')).toEqual([]);
  await lease.end();
});
