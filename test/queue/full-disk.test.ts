import { describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/handle.ts';
import { listEntries } from '../../src/database/queue-entries.ts';
import { loadMessage } from '../../src/database/queue-messages.ts';
import { QueueEngine, type Workers } from '../../src/queue/engine.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { testServices } from '../support/services.ts';

const PAGE_SIZE = 4096;

describe('while the disk is full', () => {
  const place = sqlitePlace();

  const start = async (workers: Workers) => {
    const services = testServices(await place.open());
    const engine = new QueueEngine(services, workers, 'test');
    await engine.start();
    return { engine, ...services };
  };

  /** Lets the file of a database grow by so many bytes, and no further. */
  const leaveRoom = async ({ connection }: Database, bytes: number): Promise<void> => {
    const [row] = await connection.raw<{ page_count: number }[]>('PRAGMA page_count');
    const pages = (row?.page_count ?? 0) + Math.ceil(bytes / PAGE_SIZE);
    await connection.raw(`PRAGMA max_page_count = ${pages}`);
  };

  const mail = (subject: string, length = 10) =>
    Buffer.from(`Subject: ${subject}\r\n\r\n${'x'.repeat(length)}\r\n`);

  const subjectsIn = async ({ connection }: Database, queue: string): Promise<unknown[]> => {
    const entries = await listEntries(connection, queue);
    const messages = await Promise.all(entries.map((entry) => loadMessage(connection, entry.message_id)));
    return messages.map((bytes) => bytes && subjectOf(bytes)).sort();
  };

  const subjectOf = (bytes: Buffer) => /^Subject: (\w+)/.exec(bytes.toString('latin1'))?.[1];

  test('what is refused is not there, and what is taken is, though all came at the same moment', async () => {
    const { engine, database } = await start({ processors: {} });
    await leaveRoom(database, 400_000);
    const outcomes = await Promise.all(
      [mail('one'), mail('large', 2_000_000), mail('three'), mail('four')].map((bytes) =>
        engine.accept('in', bytes, { listid: 'ant.example.com' }).then(
          () => 'taken',
          (error: { code?: string }) => error.code,
        ),
      ),
    );
    expect(outcomes).toEqual(['taken', 'SQLITE_FULL', 'taken', 'taken']);
    expect(await subjectsIn(database, 'in')).toEqual(['four', 'one', 'three']);
    await engine.stop();
  });

  test('work waits, is not set aside, and is done once when there is room', async () => {
    const { engine, database, logged } = await start({
      processors: {
        in: async ({ message, metadata }, { enqueue }) => {
          await enqueue('out', Buffer.concat([message, Buffer.alloc(800_000, 'y')]), metadata);
        },
      },
    });
    await leaveRoom(database, 400_000);
    const subjects = ['five', 'four', 'one', 'three', 'two'];
    for (const subject of subjects) await engine.accept('in', mail(subject), { listid: 'ant.example.com' });
    await expect.poll(() => logged.some(({ line }) => line.includes('the disk is full'))).toBe(true);
    expect(await subjectsIn(database, 'in')).toEqual(subjects);
    await leaveRoom(database, 100_000_000);
    await engine.drain();
    expect(await subjectsIn(database, 'out')).toEqual(subjects);
    for (const queue of ['in', 'shunt']) expect(await subjectsIn(database, queue)).toEqual([]);
    await engine.stop();
  });
});
