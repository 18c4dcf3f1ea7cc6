import { expect, test } from 'vitest';
import { onEachDialect } from '../database/dialects.ts';
import { LmtpClient } from '../mta/lmtp-client.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { makeCrowd, makeServer } from './real-server.ts';

const LIST = 'crowd@example.com';
const POSTS = 40;
const MEMBERS = 30;
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
      const killed = performance.now();
      await server.start();
      if (sink.totals.recipients < POSTS * MEMBERS) {
        await expect
          .poll(() => sink.totals.transactions, { timeout: 20_000, interval: 10 })
          .toBeGreaterThan(before);
        expect(performance.now() - killed).toBeLessThan(15_000);
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

/** Posts as a mail server does: what was not answered with 250 is sent again. @returns posts whose reply got lost */
async function postAll(port: number): Promise<Set<string>> {
  const uncertain = new Set<string>();
  for (let number = 0; number < POSTS; ) {
    const id = `<post${number}@example.org>`;
    let isSent = false;
    try {
      const client = await LmtpClient.transaction(port, LIST);
      isSent = true;
      const [reply] = await client.data(
        `From: member0@example.org\r\nTo: ${LIST}\r\nMessage-ID: ${id}\r\nSubject: Post ${number}\r\n\r\nHello.\r\n`,
      );
      client.close();
      if (!reply?.startsWith('250')) throw new Error(reply);
      number += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    } catch {
      if (isSent) uncertain.add(id);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return uncertain;
}

function missing({ mails }: SmtpSink): string[] {
  const seen = new Set(
    mails.flatMap(({ message, recipients }) => recipients.map((one) => `${idOf(message)} ${one}`)),
  );
  const wanted = Array.from({ length: POSTS }, (_, post) =>
    Array.from({ length: MEMBERS }, (_, member) => `<post${post}@example.org> member${member}@example.org`),
  );
  return wanted.flat().filter((one) => !seen.has(one));
}

/** How many transactions brought somebody what he had. */
function repeats({ mails }: SmtpSink, uncertain: ReadonlySet<string>): number {
  const seen = new Set<string>();
  let count = 0;
  for (const { message, recipients } of mails) {
    const id = idOf(message);
    if (uncertain.has(id)) continue;
    const keys = recipients.map((one) => `${id} ${one}`);
    if (keys.some((key) => seen.has(key))) count += 1;
    for (const key of keys) seen.add(key);
  }
  return count;
}

function idOf(message: Buffer): string {
  return /^Message-ID: (<[^>]*>)/im.exec(message.toString('latin1'))?.[1] ?? '';
}
