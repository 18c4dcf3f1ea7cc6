import { expect, test } from 'vitest';
import { countEntries } from '../../src/database/queue-entries.ts';
import { QueueEngine, type Workers } from '../../src/queue/engine.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { onServer } from '../database/dialects.ts';
import { startRelay } from '../support/relay.ts';
import { testServices } from '../support/services.ts';

const HELLO = Buffer.from('Subject: hello\r\n\r\nHello.\r\n');

for (const kind of ['postgresql', 'mariadb'] as const) {
  await onServer(kind, `where ${kind} commits and its answer gets lost`, (place) => {
    const start = async (workers: Workers) => {
      const { port } = place.server;
      const relay = await startRelay(port);
      const url = await place.freshUrl();
      const direct = await place.openUrl(url);
      const database = await place.openUrl(url.replace(`:${port}/`, `:${relay.port}/`));
      const services = testServices(database);
      const engine = new QueueEngine(services, workers, 'test');
      await engine.start();
      const isEmpty = () =>
        expect.poll(() => countEntries(direct.connection), { timeout: 30_000 }).toEqual(new Map());
      return { relay, engine, services, direct: direct.connection, isEmpty };
    };

    test('what was refused is not there', async () => {
      const seen: (string | undefined)[] = [];
      const { relay, engine, isEmpty } = await start({
        processors: {
          in: async ({ metadata }) => {
            seen.push(metadata.listid);
          },
        },
      });
      const lost = relay.loseAnswerTo('COMMIT');
      const refused = expect(engine.accept('in', HELLO, { listid: 'one' })).rejects.toThrow();
      await lost;
      await refused;
      await relay.mend();
      await engine.accept('in', HELLO, { listid: 'two' });
      await isEmpty();
      await engine.stop();
      expect(seen).toEqual(['two']);
    });

    test('a step that is done is not done again, and what it has left to do is done', async () => {
      const seen: string[] = [];
      let lost: Promise<void> | undefined;
      const { relay, engine, isEmpty } = await start({
        processors: {
          in: async ({ message, metadata }, step) => {
            lost ??= relay.loseAnswerTo('COMMIT');
            await step.enqueue('out', message, metadata);
          },
        },
        consumers: {
          out: {
            concurrency: 1,
            consume: async (entry, keeper) => {
              seen.push(entry.message.toString());
              await keeper.inStep(entry, (step) => keeper.finish(step, entry));
            },
          },
        },
      });
      await engine.accept('in', HELLO, {});
      await expect.poll(() => lost !== undefined, { timeout: 30_000 }).toBe(true);
      await lost;
      await relay.mend();
      await isEmpty();
      await engine.stop();
      expect(seen).toEqual([HELLO.toString()]);
    });

    test('what was taken from the queue is worked on', async () => {
      const seen: string[] = [];
      const { relay, engine, services, direct, isEmpty } = await start({
        processors: {
          in: async ({ message }) => {
            seen.push(message.toString());
          },
        },
      });
      const lost = relay.loseAnswerTo('COMMIT');
      await enqueue(direct, services.clock, 'in', HELLO, {});
      engine.wake();
      await lost;
      await relay.mend();
      await isEmpty();
      await engine.stop();
      expect(seen).toEqual([HELLO.toString()]);
    });
  });
}
