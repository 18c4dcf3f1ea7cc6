import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { countEntries } from '../../src/database/queue-entries.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { onEachDialect } from '../database/dialects.ts';
import { testServices } from '../support/services.ts';

const WORKER = fileURLToPath(new URL('processes/worker.ts', import.meta.url));
const MESSAGES = 300;
const HELLO = Buffer.from('Subject: hello\r\n\r\nHello.\r\n');

async function startWorker(url: string, instance: string): Promise<ChildProcess> {
  const child = fork(WORKER, [url, instance], { execArgv: [] });
  await once(child, 'message');
  return child;
}

async function stopWorker(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.send('stop');
  await ended;
}

await onEachDialect('several processes', (place) => {
  test('each message is worked on once, by whoever takes it, also when one of them is killed', async () => {
    const url = await place.freshUrl();
    const database = await place.openUrl(url);
    const { clock } = testServices(database);
    const workers = await Promise.all(['one', 'two', 'three'].map((name) => startWorker(url, name)));
    for (let number = 0; number < MESSAGES; number += 1) {
      await database.transaction((connection) =>
        enqueue(connection, clock, 'in', HELLO, { listid: `message-${number}` }),
      );
      if (number === MESSAGES / 2) {
        workers[0]?.kill('SIGKILL');
        await once(workers[0] as ChildProcess, 'exit');
        workers[0] = await startWorker(url, 'one');
      }
    }
    await expect
      .poll(async () => Object.fromEntries(await countEntries(database.connection)), { timeout: 30_000 })
      .toEqual({});
    // The unique fingerprint would have shunted a message that was worked on twice.
    expect(await database.connection('ban').pluck('fingerprint')).toHaveLength(MESSAGES);
    await Promise.all(workers.map(stopWorker));
    expect(await database.connection('queue_worker').select()).toEqual([]);
    expect(await database.connection('queue_message').select('message_id')).toEqual([]);
  });

  test('another process hears at once what was stored', async () => {
    const url = await place.freshUrl();
    const database = await place.openUrl(url);
    const worker = await startWorker(url, 'one');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const waits: number[] = [];
    for (const listid of ['x', 'y', 'z']) {
      const start = performance.now();
      await database.transaction((connection) =>
        enqueue(connection, testServices(database).clock, 'in', HELLO, { listid }),
      );
      await expect
        .poll(() => database.connection('ban').pluck('fingerprint'), { timeout: 20_000, interval: 5 })
        .toContain(listid);
      waits.push(performance.now() - start);
    }
    expect(Math.min(...waits)).toBeLessThan(1000);
    await stopWorker(worker);
  });
});
