import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Archive } from '../../src/archiving/store/archive.ts';
import { openArchiveAt } from '../../src/archiving/store/open.ts';
import { sampleMessage } from '../migrate/archive/archive.ts';
import { LmtpClient } from '../mta/lmtp-client.ts';
import { MAILMAN } from '../support/mailman.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { makeCrowd, makeServer, type RealServer } from './real-server.ts';

const POSTED = 'posted@example.com';
const IMPORTED = 'imported@example.com';
const POSTS = 6;
/** How soon each post is archived, in milliseconds; without the import it takes some. */
const SOON = 5_000;
const PATIENCE = { interval: 5, timeout: 60_000 };

let server: RealServer;
let sink: Awaited<ReturnType<typeof startSmtpSink>>;
let archive: Archive;

beforeAll(async () => {
  sink = await startSmtpSink({ isKeeping: false });
  server = await makeServer(sink.port);
  await server.start();
  await server.change((connection) => makeCrowd(connection, POSTED, 1));
  await server.change((connection) => makeCrowd(connection, IMPORTED, 1));
  archive = await openArchiveAt(`sqlite:///${server.folder}/var/data/archive.db`);
});

afterAll(async () => {
  await archive.close();
  await server.signal('SIGTERM');
  await sink.stop();
});

async function archived(listId: string): Promise<number> {
  return (await archive.list(listId))?.messages ?? 0;
}

/** An import that gets as much as it takes, until it is told to end. */
function startImport() {
  const child = spawn(MAILMAN, ['-C', server.configFile, 'archive', 'import', IMPORTED, '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  let isEnding = false;
  let written = 0;
  const feeding = (async () => {
    const body = `${'A sentence that makes the body longer. '.repeat(40)}\n`;
    while (!isEnding) {
      const hasRoom = child.stdin.write(sampleMessage(written, body));
      written += 1;
      if (!hasRoom) await Promise.race([once(child.stdin, 'drain'), exited]);
    }
    child.stdin.end();
  })();
  return {
    isRunning: () => child.exitCode === null,
    /** @returns exit status, and how many messages it was given */
    end: async () => {
      isEnding = true;
      await feeding;
      const [status] = await exited;
      return { status: Number(status), written };
    },
  };
}

test('posts are accepted and archived without delay while an mbox is imported', async () => {
  const running = startImport();
  await expect.poll(() => archived('imported.example.com'), { timeout: 60_000 }).toBeGreaterThan(0);
  const client = await LmtpClient.open(server.lmtpPort);
  await client.ask('LHLO test.example');
  const waits: number[] = [];
  for (let post = 0; post < POSTS; post += 1) {
    const before = await archived('imported.example.com');
    const started = performance.now();
    await client.ask('MAIL FROM:<member0@example.org>');
    await client.ask(`RCPT TO:<${POSTED}>`);
    const mail = `From: member0@example.org\r\nTo: ${POSTED}\r\nMessage-ID: <post-${post}@example.org>\r\nSubject: Post ${post}\r\n\r\nText\r\n`;
    expect(await client.data(mail)).toEqual(['250 Ok']);
    await expect.poll(() => archived('posted.example.com'), PATIENCE).toBe(post + 1);
    waits.push(performance.now() - started);
    // The import went on meanwhile: neither waits for the other's end.
    await expect.poll(() => archived('imported.example.com'), PATIENCE).toBeGreaterThan(before);
  }
  client.close();
  expect(Math.max(...waits)).toBeLessThan(SOON);
  expect(running.isRunning()).toBe(true);
  const { status, written } = await running.end();
  expect(status).toBe(0);
  expect(await archived('imported.example.com')).toBe(written);
  expect(await archived('posted.example.com')).toBe(POSTS);
});
