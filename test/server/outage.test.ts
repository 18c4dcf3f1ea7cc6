import { expect, test } from 'vitest';
import { onServer } from '../database/dialects.ts';
import { LmtpClient } from '../mta/lmtp-client.ts';
import { startRelay } from '../support/relay.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { COPIES, LIST, MEMBERS, missing, postAll, repeats } from './crowd-posts.ts';
import { makeCrowd, makeServer } from './real-server.ts';

const OUTAGES = 3;

for (const kind of ['postgresql', 'mariadb'] as const) {
  await onServer(kind, `while ${kind} is away`, (place) => {
    test('mail servers keep what comes; what is under way waits, and is neither lost nor repeated', {
      timeout: 300_000,
    }, async () => {
      const sink = await startSmtpSink({
        onMessage: () => new Promise((resolve) => setTimeout(resolve, 3, undefined)),
      });
      const relay = await startRelay(place.server.port);
      const url = (await place.freshUrl()).replace(`:${place.server.port}/`, `:${relay.port}/`);
      const server = await makeServer(sink.port, 'max_recipients: 7', url);
      const health = async () => (await fetch(`http://127.0.0.1:${server.metricsPort}/health`)).status;
      await server.start();
      await server.change((connection) => makeCrowd(connection, LIST, MEMBERS));
      expect(await health()).toBe(200);

      const posting = postAll(server.lmtpPort);
      for (let outage = 1; outage <= OUTAGES; outage += 1) {
        const some = (COPIES * outage) / (OUTAGES + 2);
        await expect
          .poll(() => sink.totals.recipients, { timeout: 60_000, interval: 5 })
          .toBeGreaterThan(some);
        await relay.cut();
        expect(await health()).toBe(503);
        const client = await LmtpClient.transaction(server.lmtpPort);
        expect(await client.ask('RCPT TO:<crowd-owner@example.com>')).toMatch(/^451 /);
        expect(await client.ask('RCPT TO:<nobody@example.com>')).toMatch(/^451 /);
        client.close();
        await relay.mend();
      }
      const uncertain = await posting;
      await expect.poll(() => missing(sink), { timeout: 60_000, interval: 50 }).toEqual([]);
      await expect.poll(health, { timeout: 30_000 }).toBe(200);
      expect(await server.signal('SIGTERM')).toBe(0);
      // Most posts count: those whose reply got lost are few.
      expect(uncertain.size).toBeLessThanOrEqual(3 * OUTAGES);
      expect(repeats(sink, uncertain)).toBe(0);
      await relay.cut();
      await sink.stop();
    });
  });
}
