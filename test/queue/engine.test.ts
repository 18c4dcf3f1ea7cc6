import { expect, test } from 'vitest';
import type { Database } from '../../src/database/handle.ts';
import { countEntries, listEntries } from '../../src/database/queue-entries.ts';
import { loadMessage } from '../../src/database/queue-messages.ts';
import { type Processor, QueueEngine, type Workers } from '../../src/queue/engine.ts';
import { enqueue, runStep } from '../../src/queue/enqueue.ts';
import { PutOffError } from '../../src/queue/errors.ts';
import { outside } from '../../src/queue/outside.ts';
import { onEachDialect } from '../database/dialects.ts';
import { stoppedClock, testServices } from '../support/services.ts';

const HELLO = Buffer.from('Subject: hello\r\n\r\nHello.\r\n');

await onEachDialect('queues', (place) => {
  const start = async (workers: Workers, database?: Database) => {
    const clock = stoppedClock();
    const services = testServices(database ?? (await place.open()), { clock });
    const engine = new QueueEngine(services, workers, 'test');
    await engine.start();
    return { engine, services, clock, database: services.database };
  };

  test('a message moves on as its step says, and leaves nothing behind', async () => {
    const seen: string[] = [];
    const { engine, database } = await start({
      processors: {
        in: async ({ message, metadata }, { enqueue }) => {
          seen.push(`in ${metadata.listid} ${message.length}`);
          await enqueue('pipeline', message, { ...metadata, verp: true });
        },
        pipeline: async ({ metadata }) => {
          seen.push(`pipeline ${metadata.listid} ${metadata.verp}`);
        },
      },
    });
    await engine.accept('in', HELLO, { listid: 'ant.example.com' });
    await engine.drain();
    expect(seen).toEqual([`in ant.example.com ${HELLO.length}`, 'pipeline ant.example.com true']);
    expect(await countEntries(database.connection)).toEqual(new Map());
    expect(await database.connection('queue_message').select('message_id')).toEqual([]);
    await engine.stop();
  });

  test('what nobody here works on stays, with the bytes that it had, stored once for two queues', async () => {
    const { engine, database } = await start({
      processors: {
        in: async ({ message, metadata }, { enqueue }) => {
          await enqueue('out', Buffer.from(message), { ...metadata, recipients: ['bart@example.com'] });
          await enqueue('archive', Buffer.from(message), metadata);
        },
      },
    });
    await engine.accept('in', HELLO, { listid: 'ant.example.com' });
    await engine.drain();
    const [out] = await listEntries(database.connection, 'out');
    const [archive] = await listEntries(database.connection, 'archive');
    expect(JSON.parse(out?.metadata ?? '')).toEqual({
      listid: 'ant.example.com',
      recipients: ['bart@example.com'],
    });
    expect(archive?.message_id).toBe(out?.message_id);
    expect(await loadMessage(database.connection, out?.message_id ?? '')).toEqual(HELLO);
    await engine.stop();
  });

  test('a step that is put off leaves its entry as it was, and is taken when it is time', async () => {
    let isOpen = false;
    const taken: number[] = [];
    const { engine, database, clock } = await start({
      processors: {
        in: async ({ attempts }) => {
          if (!isOpen) throw new PutOffError('not yet', 30);
          taken.push(attempts);
        },
      },
    });
    await engine.accept('in', HELLO, { listid: 'ant.example.com' });
    await engine.drain();
    const [waiting, ...others] = await listEntries(database.connection, 'in');
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({ error: 'not yet', worker_id: null, attempts: 0 });
    isOpen = true;
    await engine.drain();
    expect(taken).toEqual([]);
    clock.advance(31);
    await engine.drain();
    expect(taken).toEqual([0]);
    expect(await countEntries(database.connection)).toEqual(new Map());
    await engine.stop();
  });

  test('a message of 9 MB is stored in pieces and comes back whole', async () => {
    const big = Buffer.alloc(9_000_000, 'abcdefg');
    const { engine, database } = await start({ processors: {} });
    await engine.accept('in', big, {});
    await engine.stop();
    let seen: Buffer | undefined;
    const again = await start(
      {
        processors: {
          in: async ({ message }) => {
            seen = message;
          },
        },
      },
      database,
    );
    await again.engine.drain();
    expect(seen?.equals(big)).toBe(true);
    await again.engine.stop();
  });

  test('a message that breaks its step is shunted with the error, and what the step did is undone', async () => {
    const { engine, database, services } = await start({
      processors: {
        in: async ({ message, metadata }, { enqueue, connection }) => {
          await connection('domain').insert({ mail_host: `${metadata.listid}` });
          await enqueue('archive', message, {});
          if (metadata.listid === 'bad') throw new Error('This one breaks');
        },
      },
    });
    await engine.accept('in', HELLO, { listid: 'one' });
    await engine.accept('in', HELLO, { listid: 'bad' });
    await engine.accept('in', HELLO, { listid: 'two' });
    await engine.drain();
    expect(await database.connection('domain').orderBy('mail_host').pluck('mail_host')).toEqual([
      'one',
      'two',
    ]);
    expect(await countEntries(database.connection)).toEqual(
      new Map([
        ['archive', 2],
        ['shunt', 1],
      ]),
    );
    const [shunted] = await listEntries(database.connection, 'shunt');
    expect(JSON.parse(shunted?.metadata ?? '')).toEqual({ listid: 'bad', whichq: 'in' });
    expect(shunted?.error).toContain('This one breaks');
    expect(services.logged.map(({ logger }) => logger)).toEqual(['error']);
    await engine.stop();
  });

  test('a step that breaks after another in the same transaction is undone alone', async () => {
    const { engine, database } = await start({
      processors: {
        in: async ({ message }, { enqueue, connection }) => {
          await connection('domain').insert({ mail_host: 'kept' });
          await enqueue('pipeline', message, {});
        },
        pipeline: async (_entry, { connection }) => {
          await connection('domain').insert({ mail_host: 'undone' });
          throw new Error('late');
        },
      },
    });
    await engine.drain();
    await engine.accept('in', HELLO, {});
    await engine.drain();
    expect(await database.connection('domain').pluck('mail_host')).toEqual(['kept']);
    const [shunted] = await listEntries(database.connection, 'shunt');
    expect(JSON.parse(shunted?.metadata ?? '')).toEqual({ whichq: 'pipeline' });
    await engine.stop();
  });

  test('three steps in one transaction: the last one is undone alone', async () => {
    const insert = (name: string): Processor => {
      return async ({ message }, { connection, enqueue }) => {
        await connection('domain').insert({ mail_host: name });
        if (name === 'in') await enqueue('pipeline', message, {});
        if (name === 'pipeline') await enqueue('virgin', message, {});
        if (name === 'virgin') throw new Error('at last');
      };
    };
    const { engine, database } = await start({
      processors: { in: insert('in'), pipeline: insert('pipeline'), virgin: insert('virgin') },
    });
    await engine.drain();
    await engine.accept('in', HELLO, {});
    await engine.drain();
    expect(await database.connection('domain').orderBy('mail_host').pluck('mail_host')).toEqual([
      'in',
      'pipeline',
    ]);
    expect((await listEntries(database.connection, 'shunt')).map(({ metadata }) => metadata)).toEqual([
      '{"whichq":"virgin"}',
    ]);
    await engine.stop();
  });

  test('steps that are in the way of each other are tried again', async () => {
    const process: Processor = async (_entry, { connection }) => {
      const known = await connection('domain').where({ mail_host: 'same' }).first();
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (!known) await connection('domain').insert({ mail_host: 'same' });
    };
    const { engine, database } = await start({ processors: { in: process } });
    await Promise.all([1, 2, 3, 4].map(() => engine.accept('in', HELLO, {})));
    await engine.drain();
    expect(await countEntries(database.connection)).toEqual(new Map());
    expect(await database.connection('domain').pluck('mail_host')).toEqual(['same']);
    await engine.stop();
  });

  test('a message with which process after process died is set aside', async () => {
    const database = await place.open();
    const { clock } = testServices(database);
    await enqueue(database.connection, clock, 'in', HELLO, { listid: 'deadly' });
    await database.connection('queue_entry').update({ recoveries: 20 });
    await enqueue(database.connection, clock, 'in', HELLO, { listid: 'harmless' });
    const seen: (string | undefined)[] = [];
    const process: Processor = async ({ metadata }) => {
      seen.push(metadata.listid);
    };
    const services = testServices(database);
    const engine = new QueueEngine(services, { processors: { in: process } }, 'test');
    await engine.start();
    await engine.drain();
    expect(seen).toEqual(['harmless']);
    const [shunted] = await listEntries(database.connection, 'shunt');
    expect(JSON.parse(shunted?.metadata ?? '')).toEqual({ listid: 'deadly', whichq: 'in' });
    expect(shunted?.error).toBe('The server died 20 times while it held this message');
    await engine.stop();
  });

  test('an entry whose metadata is damaged is set aside, and others go on', async () => {
    const database = await place.open();
    const clock = stoppedClock();
    const damaged = ['{"listid":', 'null', '["ant.example.com"]'];
    for (const metadata of damaged) {
      await enqueue(database.connection, clock, 'in', HELLO, {});
      await database.connection('queue_entry').where('metadata', '{}').update({ metadata });
    }
    await enqueue(database.connection, clock, 'in', HELLO, { listid: 'sound' });
    const seen: (string | undefined)[] = [];
    const { engine } = await start(
      { processors: { in: async ({ metadata }) => void seen.push(metadata.listid) } },
      database,
    );
    await engine.drain();
    expect(seen).toEqual(['sound']);
    const shunted = await listEntries(database.connection, 'shunt');
    expect(shunted.map(({ metadata }) => metadata).sort()).toEqual(damaged.toSorted());
    for (const { error } of shunted) expect(error).toContain('damaged');
    await engine.stop();
  });

  test('each queue is worked on in the order of acceptance', async () => {
    const seen: (string | undefined)[] = [];
    const { engine } = await start({
      processors: { in: async ({ metadata }) => void seen.push(metadata.listid) },
    });
    const names = Array.from({ length: 500 }, (_, index) => `list-${index}`);
    await Promise.all(names.map((listid) => engine.accept('in', HELLO, { listid })));
    await engine.drain();
    if (place.dialect === 'sqlite') expect(seen).toEqual(names);
    else expect(seen.toSorted()).toEqual(names.toSorted());
    await engine.stop();
  });

  test('slow work is awaited outside of the transaction, and the step begins anew', async () => {
    let tries = 0;
    let asked = 0;
    const answers: unknown[] = [];
    const slow: Processor = async (_entry, step) => {
      tries += 1;
      await step.connection('domain').insert({ mail_host: `try-${tries}` });
      const answer = await outside(step, 'question', async () => {
        asked += 1;
        // The database is free meanwhile.
        await step.database.transaction((connection) => connection('domain').insert({ mail_host: 'other' }));
        return 42;
      });
      answers.push(answer);
    };
    const { engine, database } = await start({ processors: { in: slow } });
    await engine.accept('in', HELLO, {});
    await engine.drain();
    expect({ tries, asked, answers }).toEqual({ tries: 2, asked: 1, answers: [42] });
    expect(await database.connection('domain').orderBy('mail_host').pluck('mail_host')).toEqual([
      'other',
      'try-2',
    ]);
    await engine.stop();
  });

  test('what another part of the process stores is taken at once', async () => {
    let seen = 0;
    const { engine, services } = await start({
      processors: {
        virgin: async () => {
          seen += 1;
        },
      },
    });
    await engine.drain();
    const waits: number[] = [];
    for (let round = 1; round <= 3; round += 1) {
      const start = performance.now();
      await runStep(services, (step) => step.enqueue('virgin', HELLO, {}));
      await expect.poll(() => seen, { interval: 5 }).toBe(round);
      waits.push(performance.now() - start);
    }
    expect(Math.min(...waits)).toBeLessThan(400);
    await engine.stop();
  });

  test('what a dead predecessor held comes back at once; what a live process holds does not', async () => {
    const database = await place.open();
    const services = testServices(database, { clock: stoppedClock() });
    const begun = Promise.withResolvers<void>();
    const consume = (): Promise<void> => {
      begun.resolve();
      return new Promise(() => {});
    };
    const hang: Workers = { consumers: { out: { concurrency: 1, consume } }, processors: {} };
    const dead = new QueueEngine(services, hang, 'host-1');
    await dead.start();
    await dead.accept('out', HELLO, { listid: 'held' });
    await begun.promise;
    const seen: (string | undefined)[] = [];
    const works: Workers = {
      processors: {},
      consumers: {
        out: {
          concurrency: 1,
          consume: async (entry, keeper) => {
            seen.push(entry.metadata.listid);
            await keeper.inStep(entry, (step) => keeper.finish(step, entry));
          },
        },
      },
    };
    const neighbour = new QueueEngine(services, works, 'host-2');
    await neighbour.start();
    await neighbour.drain();
    expect(seen).toEqual([]);
    const successor = new QueueEngine(services, works, 'host-1');
    await successor.start();
    await successor.drain();
    // The neighbour may have been quicker.
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual(['held']);
    await neighbour.stop();
    await successor.stop();
  });
});
