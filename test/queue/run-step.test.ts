import { expect, test } from 'vitest';
import type { Database } from '../../src/database/handle.ts';
import { onStepRun, runStep } from '../../src/queue/enqueue.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { testServices } from '../support/services.ts';

const place = sqlitePlace();

test('a step is over when it is on disk; others begin meanwhile', async () => {
  const database = await place.open();
  const { quick } = database;
  if (!quick) throw new Error('not on SQLite');
  const events: string[] = [];
  let onDisk = (): void => {};
  const disk = new Promise<void>((resolve) => {
    onDisk = resolve;
  });
  const slow: Database = { ...database, quick: { ...quick, flush: () => disk.then(quick.flush) } };
  const services = testServices(slow);
  const step = (name: string) =>
    runStep(services, async ({ connection }) => {
      await connection('domain').insert({ mail_host: `${name}.example` });
      events.push(`${name} done`);
    }).then(() => events.push(`${name} over`));
  const both = Promise.all([step('first'), step('second')]);
  await expect.poll(() => events).toEqual(['first done', 'second done']);
  onDisk();
  await both;
  expect(events.slice(2).sort()).toEqual(['first over', 'second over']);
  expect(await database.connection('domain').pluck('mail_host')).toHaveLength(2);
});

test('queues are told of a step that has put something into them, and of no other', async () => {
  const database = await place.open();
  const services = testServices(database);
  let told = 0;
  onStepRun(database, () => {
    told += 1;
  });
  await runStep(services, async ({ connection }) => {
    await connection('domain').insert({ mail_host: 'example.com' });
  });
  expect(told).toBe(0);
  await runStep(services, async ({ enqueue }) => enqueue('in', Buffer.from('x'), {}));
  expect(told).toBe(1);
  const failing = runStep(services, async ({ enqueue }) => {
    await enqueue('in', Buffer.from('x'), {});
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(told).toBe(1);
});
