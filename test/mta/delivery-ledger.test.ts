import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { DeliveryLedger } from '../../src/mta/delivery-ledger.ts';
import type { DeliveryHooks } from '../../src/mta/outgoing.ts';
import type { EntryKeeper } from '../../src/queue/engine.ts';
import { enqueue, stepOn } from '../../src/queue/enqueue.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import { testServices } from '../support/services.ts';

let database: Database;
beforeEach(async () => {
  database = await openDatabase('sqlite:///:memory:');
});
afterEach(() => database.close());

const hooks = { registerRefusals: async () => {} } as unknown as DeliveryHooks;

test('an entry is finished only when all that was noted of it before is on disk', async () => {
  const services = testServices(database);
  const message = Buffer.from('Subject: one\r\n\r\n');
  const id = await enqueue(database.connection, services.clock, 'out', message, {});
  const entry: QueueEntry = { id, queue: 'out', message, metadata: {}, attempts: 0 };
  const happened: string[] = [];
  const commits: (() => void)[] = [];
  // As on a database server: steps run at once, and are committed in any order.
  const keeper = {
    services,
    inStep: async (_entry, work) => {
      await new Promise((resolve) => setImmediate(resolve));
      const result = await work(stepOn(services, database.connection));
      await new Promise<void>((resolve) => commits.push(resolve));
      happened.push('committed');
      return result;
    },
    finish: async () => {
      happened.push('finished');
    },
    putBack: async () => {},
  } satisfies EntryKeeper;
  const ledger = new DeliveryLedger(entry, keeper, hooks, 3, []);
  const to = (recipient: string) => ledger.note({ delivered: [recipient], deferred: [], refused: [] });
  const notes = [to('anne@example.com')];
  await expect.poll(() => commits.length).toBe(1);
  notes.push(to('bart@example.com'), to('cris@example.com'));
  await expect.poll(() => commits.length).toBe(2);
  for (const commit of commits.splice(0).reverse()) commit();
  await expect.poll(() => commits.length).toBe(1);
  for (const commit of commits.splice(0)) commit();
  await Promise.all(notes);
  expect(happened).toEqual(['committed', 'committed', 'finished', 'committed']);
});
