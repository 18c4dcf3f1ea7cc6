import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { listEntries } from '../../src/database/queue-entries.ts';
import { loadMessage } from '../../src/database/queue-messages.ts';
import { sendDigest } from '../../src/digests/send.ts';
import { noPreferences } from '../../src/model/preferences.ts';
import { enqueue, runStep } from '../../src/queue/enqueue.ts';
import { onEachDialect } from '../database/dialects.ts';
import { sampleList, storeList, storeMember } from '../database/samples.ts';
import { mail } from '../support/flow.ts';
import { testServices } from '../support/services.ts';

const WORKER = fileURLToPath(new URL('processes/worker.ts', import.meta.url));
const LIST = 'ant.example.com';
const POSTS = 120;
const KILLS = 3;

async function startWorker(url: string): Promise<ChildProcess> {
  const child = fork(WORKER, [url, 'one'], { execArgv: [] });
  await once(child, 'message');
  return child;
}

await onEachDialect('a process that is killed again and again', (place) => {
  test('sends each post in one digest, and no digest twice', async () => {
    const url = await place.freshUrl();
    const database = await place.openUrl(url);
    const services = testServices(database);
    await database.transaction(async (connection) => {
      const list = await storeList(connection, sampleList('ant'));
      await storeMember(connection, list, 'dora@example.net', {
        member: { preferences: { ...noPreferences, delivery_mode: 'mime_digests' } },
      });
      // Some six posts.
      await updateSettings(connection, list, { digest_size_threshold: 1 });
    });
    let worker = await startWorker(url);
    for (let number = 1; number <= POSTS; number += 1) {
      const post = Buffer.from(mail({ Subject: `[Ant] post ${number}` }));
      await database.transaction((connection) =>
        enqueue(connection, services.clock, 'digest', post, { listid: LIST }),
      );
      if (number % (POSTS / (KILLS + 1)) !== 0 || number === POSTS) continue;
      worker.kill('SIGKILL');
      await once(worker, 'exit');
      worker = await startWorker(url);
    }
    const isIdle = async () => (await listEntries(database.connection, 'digest')).length === 0;
    await expect.poll(isIdle, { timeout: 30_000 }).toBe(true);
    await runStep(services, (step) => sendDigest(step, LIST));
    await expect.poll(isIdle, { timeout: 30_000 }).toBe(true);
    const ended = once(worker, 'exit');
    worker.send('stop');
    await ended;
    const entries = await listEntries(database.connection, 'out');
    const digests = await Promise.all(
      entries.map(async (entry) => `${await loadMessage(database.connection, entry.message_id)}`),
    );
    const found = (pattern: RegExp) =>
      digests.flatMap((digest) => [...digest.matchAll(pattern)].map(([, value]) => Number(value)));
    const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
    expect(found(/^Subject: \[Ant\] post (\d+)/gm).sort((a, b) => a - b)).toEqual(upTo(POSTS));
    const numbers = found(/^Subject: Ant Digest, Vol 1, Issue (\d+)/gm).sort((a, b) => a - b);
    expect(numbers).toEqual(upTo(digests.length));
    expect((await findList(database.connection, LIST))?.nextDigestNumber).toBe(digests.length + 1);
    expect(await listEntries(database.connection, 'shunt')).toEqual([]);
    expect(await database.connection('digest_message').select('list_id')).toEqual([]);
  });
});
