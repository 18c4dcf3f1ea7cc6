import fastify from 'fastify';
import { expect, test } from 'vitest';
import { ListenError, listenHttp } from '../../src/http/listening.ts';

test('an application is served on every address of a host until it stops', async () => {
  const app = fastify();
  app.get('/', async () => 'hello');
  const { port, stop } = await listenHttp(app, 'localhost', 0);
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  await stop();
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test('a port that is taken is named, with the setting', async () => {
  const first = await listenHttp(fastify(), '127.0.0.1', 0);
  const second = listenHttp(fastify(), '127.0.0.1', first.port, 'mailman.cfg:3: [web] port');
  await expect(second).rejects.toThrow(ListenError);
  await expect(second).rejects.toThrow(
    `mailman.cfg:3: [web] port: cannot listen on 127.0.0.1:${first.port} (`,
  );
  await first.stop();
});

test('stopping does not wait for a client that reads nothing', async () => {
  const app = fastify();
  app.get('/', async (_request, reply) => reply.send('x'.repeat(50_000_000)));
  const { port, stop } = await listenHttp(app, '127.0.0.1', 0);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  const started = performance.now();
  await stop();
  expect(performance.now() - started).toBeLessThan(5000);
  await response.body?.cancel().catch(() => undefined);
});
