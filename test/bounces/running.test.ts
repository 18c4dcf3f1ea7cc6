import { afterEach, beforeEach, expect, test } from 'vitest';
import { countEntries } from '../../src/database/queue-entries.ts';
import { QueueEngine } from '../../src/queue/engine.ts';
import { processors } from '../../src/server/processors.ts';
import { tasks } from '../../src/server/task-table.ts';
import { type BounceBench, openBounceBench, report } from './bench.ts';

let bench: BounceBench;
beforeEach(async () => {
  bench = await openBounceBench();
});
afterEach(() => bench.close());

test('a bounce goes through the queue of a server and is counted by its task', async () => {
  const { bounces } = processors;
  const engine = new QueueEngine(bench.services, { processors: bounces ? { bounces } : {} }, 'test');
  await engine.start();
  await bench.set({ bounce_score_threshold: 1 });
  const arrived = { listid: 'ant.example.com', envelope_sender: '', subaddress: 'bounces' };
  await engine.accept('bounces', Buffer.from(report('bart@example.net')), arrived);
  await engine.accept('bounces', Buffer.from('Subject: odd\r\n\r\nOdd.\r\n'), arrived);
  await engine.drain();
  const own = tasks(bench.services.config).filter(({ name }) =>
    ['bounces', 'disabled members'].includes(name),
  );
  expect(own.map(({ every }) => every)).toEqual([120, 3600]);
  for (const { run } of own) await run(bench.services);
  await engine.stop();
  expect((await bench.member('bart@example.net'))?.preferences.delivery_status).toBe('by_bounces');
  expect(await countEntries(bench.database.connection)).toEqual(new Map([['virgin', 3]]));
});
