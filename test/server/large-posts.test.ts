import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { LmtpClient } from '../mta/lmtp-client.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { makeCrowd, makeServer, type RealServer } from './real-server.ts';

const LIST = 'crowd@example.com';
const MEMBERS = 10;
const OCTETS = 25_000_000;

/**
 * Resident memory that the server must never reach, in octets; it has some 140 MB at rest, and 40 MB more once it has a
 * thread for the archive. It stays below 280 MB with each of these.
 */
const LIMIT = 380e6;

const WAIT = { timeout: 150_000, interval: 50 };

const mime = (contentType: string, encoding: string) =>
  `MIME-Version: 1.0\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;

/** What mail programs and other programs make, and what somebody writes who wants much memory for few octets. */
const kinds: Readonly<Record<string, readonly [start: string, repeated: string]>> = {
  attachment: [
    `${mime('multipart/mixed; boundary=b', '7bit')}--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--b\r\n` +
      'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    `${Buffer.alloc(57, 'octets').toString('base64')}\r\n`,
  ],
  'empty lines': ['\r\n', '\r\n'],
  'an encoded text': [
    mime('text/plain; charset=utf-8', 'quoted-printable'),
    '=E6=97=A5=E6=9C=AC=E8=AA=9E=\r\n',
  ],
  'a page that becomes text': [
    mime('text/html; charset=utf-8', '7bit'),
    '<p>Some <b>words</b> of a <a href="https://example.com/">page</a> that is large.</p>\r\n',
  ],
};

let sink: Awaited<ReturnType<typeof startSmtpSink>>;
let server: RealServer;

beforeAll(async () => {
  sink = await startSmtpSink({ isKeeping: false });
});

afterEach(async () => {
  await server.signal('SIGTERM');
});

afterAll(() => sink.stop());

const SETTINGS = { max_message_size: 0, filter_content: true, convert_html_to_plaintext: true };

/** A server with a list that takes posts of any size, for members, archive and digest. */
async function start(): Promise<void> {
  server = await makeServer(sink.port);
  await server.start();
  await server.change(async (connection) => {
    await makeCrowd(connection, LIST, MEMBERS);
    const list = await findList(connection, LIST);
    if (list) await updateSettings(connection, list, SETTINGS);
  });
}

function message(kind: string, number: number): Buffer {
  const [begin = '', repeated = ''] = kinds[kind] ?? [];
  const headers = `From: member0@example.org\r\nTo: ${LIST}\r\nMessage-ID: <${number}@example.org>\r\nSubject: ${number}\r\n`;
  return Buffer.concat([
    Buffer.from(headers + begin),
    Buffer.alloc(OCTETS - (OCTETS % repeated.length), repeated),
  ]);
}

async function post(bytes: Buffer): Promise<void> {
  const client = await LmtpClient.transaction(server.lmtpPort, LIST);
  expect(await client.data(bytes)).toEqual(['250 Ok']);
  client.close();
}

async function entriesLeft(): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
  const counts = [...metrics.matchAll(/^ferryman_queue_entries\{queue="\w+"\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The most memory that the server has had, in octets. */
function peak(): number {
  const pid = readFileSync(`${server.folder}/var/master.pid`, 'utf8').trim();
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

test.each([
  ['attachment', 6],
  ['empty lines', 1],
  ['an encoded text', 1],
  ['a page that becomes text', 1],
] as const)(
  '25 MB each of %s, %i at once, take few times their size',
  { timeout: 400_000 },
  async (kind, count) => {
    await start();
    const before = sink.totals.recipients;
    const messages = Array.from({ length: count }, (_, number) => message(kind, number));
    await Promise.all(messages.map(post));
    await expect.poll(() => sink.totals.recipients, WAIT).toBe(before + MEMBERS * count);
    await expect.poll(entriesLeft, WAIT).toBe(0);
    expect(peak()).toBeLessThan(LIMIT);
  },
);
