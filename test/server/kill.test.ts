import { expect, test } from 'vitest';
import { onEachDialect } from '../database/dialects.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { COPIES, LIST, MEMBERS, missing, postAll, repeats } from './crowd-posts.ts';
import { makeCrowd, makeServer } from './real-server.ts';

const CONNECTIONS = 4;

await onEachDialect('kill -9', (place) => {
  test.each([
    ['in bulk', 'max_recipients: 7'],
    ['with VERP', 'verp_delivery_interval: 1'],
  ])('%s loses nothing and repeats only transactions in flight', async (_kind, settings) => {
    const sink = await startSmtpSink({
      onMessage: () => new Promise((resolve) => setTimeout(resolve, 3, undefined)),
    });
    const url = place.server ? await place.freshUrl() : undefined;
    const server = await makeServer(sink.port, `max_delivery_threads: ${CONNECTIONS}\n${settings}`, url);
    await server.start();
    await server.change((connection) => makeCrowd(connection, LIST, MEMBERS));

    const posting = postAll(server.lmtpPort);
    for (const moment of [150, 400, 300]) {
      await new Promise((resolve) => setTimeout(resolve, moment));
      await server.signal('SIGKILL');
      const before = sink.totals.transactions;
      await server.start();
      if (sink.totals.recipients < COPIES) {
        await expect
          .poll(() => sink.totals.transactions, { timeout: 30_000, interval: 10 })
          .toBeGreaterThan(before);
      }
    }
    const uncertain = await posting;
    await expect.poll(() => missing(sink), { timeout: 40_000, interval: 50 }).toEqual([]);
    await server.signal('SIGTERM');

    const repeated = repeats(sink, uncertain);
    expect(repeated).toBeLessThanOrEqual(3 * CONNECTIONS);
    await sink.stop();
  });
});
