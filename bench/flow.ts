/**
 * Measures mail on its way through a running server: accepted by LMTP, through the flow, to a counting mail server.
 *
 *     node bench/flow.ts [--program FOLDER] [--posts N] [--json] [--database URL]
 *
 * - `--program`: where `bin` and `dist` are; this folder otherwise
 * - `--posts`: posts to the list of ten
 * - `--database`: instead of SQLite in a temporary folder
 *
 * The server, the mail server that counts, and the load each are a process, on the same machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '../test/peers/throwaway.ts';
import { postMany, Session, samplePost } from './support/lmtp-load.ts';
import { configure, type MailServer, mailman, startMailServer } from './support/mail-server.ts';
import { startSink } from './support/sink.ts';

const { values: options } = parseArgs({
  options: {
    program: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
    posts: { type: 'string', default: '2000' },
    database: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const LMTP_PORT = await freePort();
const LISTS = [10, 1000, 10_000];
const IDLE_POSTS = 20;

const figures: Record<string, number> = {};
const folder = mkdtempSync(join(tmpdir(), 'ferryman-flow-'));
const sink = await startSink();
try {
  await measure('', '');
  await measure('verp ', 'verp_delivery_interval: 1\n');
} finally {
  sink.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (options.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
else {
  for (const [what, value] of Object.entries(figures)) {
    process.stdout.write(`${what.padEnd(48)} ${value >= 100 ? value.toFixed(0) : value.toFixed(3)}\n`);
  }
}

async function measure(prefix: string, config: string): Promise<void> {
  const file = configure({
    program: options.program,
    folder: join(folder, prefix.trim() || 'bulk'),
    sinkPort: sink.port,
    lmtpPort: LMTP_PORT,
    config,
    ...(options.database ? { databaseUrl: options.database } : {}),
  });
  for (const size of LISTS) {
    const address = `${prefix.trim()}list${size}@example.com`;
    mailman(options.program, file, ['create', '-q', address]);
    const members = Array.from({ length: size }, (_, index) => `member${index}@example.org`);
    mailman(options.program, file, ['addmembers', '-W', '-', address], members.join('\n'));
  }
  const server = await startMailServer(options.program, file, LMTP_PORT);
  try {
    await measureRunning(prefix, server);
  } finally {
    const start = performance.now();
    await server.kill('SIGTERM');
    figures[`${prefix}stopped after, s`] = (performance.now() - start) / 1000;
  }
}

async function measureRunning(prefix: string, server: MailServer): Promise<void> {
  figures[`${prefix}ready after, s`] = server.readySeconds;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  figures[`${prefix}memory at rest, MB`] = server.memory() / 1e6;
  const list = (size: number) => `${prefix.trim()}list${size}@example.com`;
  await idlePosts(prefix, list(10));
  await manyPosts(prefix, list(10), Number(options.posts), server);
  for (const size of LISTS.slice(1)) {
    await sink.reset();
    const session = await Session.open(LMTP_PORT);
    const cpu = server.cpu();
    const start = performance.now();
    await session.post('member0@example.org', list(size), samplePost(list(size), 0));
    await sink.untilRecipients(size, 120_000);
    figures[`${prefix}recipients/s, list of ${size}`] = size / ((performance.now() - start) / 1000);
    figures[`${prefix}CPU per 1000 recipients, list of ${size}, ms`] = ((server.cpu() - cpu) / size) * 1e6;
    session.close();
  }
  figures[`${prefix}memory afterwards, MB`] = server.memory() / 1e6;
}

/** The time from LMTP's 250 to the mail server's, of single posts. */
async function idlePosts(prefix: string, address: string): Promise<void> {
  const times: number[] = [];
  const session = await Session.open(LMTP_PORT);
  for (let number = 0; number < IDLE_POSTS; number += 1) {
    await sink.reset();
    await session.post('member0@example.org', address, samplePost(address, number));
    const start = performance.now();
    await sink.untilRecipients(10, 10_000);
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  session.close();
  times.sort((one, other) => one - other);
  figures[`${prefix}latency at idle p50, ms`] = times[times.length >> 1] ?? 0;
  figures[`${prefix}latency at idle p95, ms`] = times[Math.floor(times.length * 0.95)] ?? 0;
}

async function manyPosts(prefix: string, address: string, posts: number, server: MailServer): Promise<void> {
  await sink.reset();
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, server.memory());
  }, 200);
  const cpu = server.cpu();
  const start = performance.now();
  const acceptSeconds = await postMany(LMTP_PORT, address, posts, 10);
  figures[`${prefix}accepted/s, 10 sessions`] = posts / acceptSeconds;
  await sink.untilRecipients(posts * 10, 300_000);
  figures[`${prefix}posts/s to a list of 10`] = posts / ((performance.now() - start) / 1000);
  figures[`${prefix}CPU per post to 10, ms`] = ((server.cpu() - cpu) / posts) * 1000;
  const { recipients } = await sink.report();
  figures[`${prefix}recipients too many`] = recipients - posts * 10;
  clearInterval(watch);
  figures[`${prefix}memory under load, MB`] = most / 1e6;
}
