import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LmtpClient } from '../mta/lmtp-client.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { makeCrowd, makeServer, type RealServer } from './real-server.ts';

const LIST = 'crowd@example.com';

/** Resident memory that the server must never reach with messages of usual size, and with the largest ones, in octets. */
const MEMORY_LIMIT = 600e6;
const LARGE_LIMIT = 700e6;

let server: RealServer;
let sink: Awaited<ReturnType<typeof startSmtpSink>>;

beforeAll(async () => {
  sink = await startSmtpSink({ isKeeping: false });
  server = await makeServer(sink.port);
  await server.start();
  await server.change((connection) => makeCrowd(connection, LIST, 3));
});

afterAll(async () => {
  await server.signal('SIGTERM');
  await sink.stop();
});

/** The most memory that the server has had, and its file descriptors now. */
function resources(): { readonly peak: number; readonly descriptors: number } {
  const pid = readFileSync(`${server.folder}/var/master.pid`, 'utf8').trim();
  const peak = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  return {
    peak,
    descriptors: execFileSync('ls', [`/proc/${pid}/fd`], { encoding: 'utf8' }).split('\n').length,
  };
}

function mail(number: number, octets: number): string {
  const line = `${'x'.repeat(76)}\r\n`;
  return `From: member0@example.org\r\nTo: ${LIST}\r\nMessage-ID: <${number}@example.org>\r\nSubject: ${number}\r\n\r\n${line.repeat(octets / 78)}`;
}

test('500 connections at once are all served', async () => {
  const clients = await Promise.all(
    Array.from({ length: 500 }, () => LmtpClient.transaction(server.lmtpPort, LIST)),
  );
  const replies = await Promise.all(clients.map((client, number) => client.data(mail(number, 20_000))));
  expect(new Set(replies.flat())).toEqual(new Set(['250 Ok']));
  for (const client of clients) client.close();
  await expect.poll(() => sink.totals.recipients, { timeout: 30_000 }).toBeGreaterThanOrEqual(1500);
  expect(resources().peak).toBeLessThan(MEMORY_LIMIT);
});

test('500 connections that break off in the middle of large messages leave nothing behind', async () => {
  const before = resources().descriptors;
  const clients = await Promise.all(
    Array.from({ length: 500 }, () => LmtpClient.transaction(server.lmtpPort, LIST)),
  );
  await Promise.all(
    clients.map(async (client) => {
      await client.ask('DATA');
      client.write(mail(0, 300_000));
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (const client of clients) client.close();
  await expect.poll(() => resources().descriptors, { timeout: 30_000 }).toBeLessThan(before + 20);
  const next = await LmtpClient.transaction(server.lmtpPort, LIST);
  expect(await next.data(mail(1000, 200_000))).toEqual(['250 Ok']);
  next.close();
  expect(resources().peak).toBeLessThan(MEMORY_LIMIT);
});

test('several messages of 25 MB at once take their turns', async () => {
  const message = Buffer.from(mail(2000, 25_000_000));
  const replies = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const client = await LmtpClient.transaction(server.lmtpPort, LIST);
      const [reply] = await client.data(message);
      client.close();
      return reply;
    }),
  );
  expect(replies).toEqual(Array(4).fill('250 Ok'));
  const { peak } = resources();
  expect(peak).toBeLessThan(LARGE_LIMIT);
});

test('a message of nothing but dots or bare line ends takes no memory to speak of', async () => {
  for (const text of ['..\r\n'.repeat(50_000), '\n'.repeat(2_000_000)]) {
    const client = await LmtpClient.transaction(server.lmtpPort, LIST);
    const [reply] = await client.data(
      `From: member0@example.org\r\nTo: ${LIST}\r\nSubject: odd\r\n\r\n${text}`,
    );
    expect(reply).toBe('250 Ok');
    client.close();
  }
  expect(resources().peak).toBeLessThan(LARGE_LIMIT);
});
