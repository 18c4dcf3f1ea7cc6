import { setTimeout as sleep } from 'node:timers/promises';
import { postFor, postMany, Session, samplePost } from './lmtp-load.ts';
import type { BenchList, MailServer, MailSystem } from './mail-system.ts';
import type { Sink } from './sink.ts';

/** Longest time for all copies of a measurement to arrive, in milliseconds. */
const ARRIVAL_LIMIT = 120_000;

/** The same after a flood. */
const BACKLOG_LIMIT = 300_000;

/** After this long without a new copy nothing more is expected, in milliseconds: Mailman 3 may rest for seconds. */
const SILENCE_LIMIT = 12_000;

/** Part of the copies that have arrived when a server is ended in the middle of its work. */
const ARRIVED_AT_END = 0.05;

/** A list as it is posted to. */
export function addressOf({ name }: BenchList): string {
  return `${name}@example.com`;
}

/** Seconds from LMTP's 250 until the last copy of a single post is there, shortest first. */
export async function idleLatencies(
  server: MailServer,
  sink: Sink,
  list: BenchList,
  posts: number,
): Promise<number[]> {
  const times: number[] = [];
  const session = await Session.open(server.lmtpPort);
  for (let post = 0; post < posts; post += 1) {
    await sink.reset();
    await session.post('member0@example.org', addressOf(list), samplePost(addressOf(list)).bytes);
    const start = performance.now();
    await sink.untilRecipients(list.members, ARRIVAL_LIMIT);
    times.push((performance.now() - start) / 1000);
    // Not in step with whatever looks into queues regularly.
    await sleep(Math.random() * 200);
  }
  session.close();
  return times.sort((one, other) => one - other);
}

/** The value below which this part of sorted values lies. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** What a mail server that always has more to deliver has got rid of. */
export interface Acceptance {
  readonly acceptedPerSecond: number;
  /** Of all that the list server did meanwhile, in seconds. */
  readonly cpuPerMessage: number;
  /** Copies that left it in the same time, each second. */
  readonly deliveredPerSecond: number;
}

/** Posts without a pause for so long that the list server must work on the first while it takes the next; then waits for all copies. */
export async function acceptance(
  server: MailServer,
  sink: Sink,
  list: BenchList,
  seconds: number,
): Promise<Acceptance> {
  await sink.reset();
  const cpuBefore = server.cpu();
  const load = await postFor(server.lmtpPort, addressOf(list), seconds);
  const cpuPerMessage = (server.cpu() - cpuBefore) / load.accepted.length;
  const { recipients } = await sink.report();
  await sink.untilRecipients(load.accepted.length * list.members, BACKLOG_LIMIT);
  return {
    ...{ acceptedPerSecond: load.accepted.length / load.seconds, cpuPerMessage },
    deliveredPerSecond: recipients / load.seconds,
  };
}

/** What many posts to one list, over ten sessions, have shown. */
export interface Throughput {
  /** Until the last copy is there. */
  readonly postsPerSecond: number;
  readonly recipientsPerSecond: number;
  readonly cpuPerPost: number;
  readonly mostMemory: number;
}

/**
 * Posts, in equal parts to several servers that share a database, and waits for all copies.
 * @param to one list, or several of one size, to which the posts go in turns
 * @param latency seconds that a single post takes, which do not count: Mailman 3 rests most of that time
 */
export async function throughput(
  servers: readonly MailServer[],
  sink: Sink,
  to: BenchList | readonly BenchList[],
  posts: number,
  latency = 0,
): Promise<Throughput> {
  await sink.reset();
  const memory = (): number => servers.reduce((sum, server) => sum + server.memory(), 0);
  const cpu = (): number => servers.reduce((sum, server) => sum + server.cpu(), 0);
  const lists: readonly BenchList[] = 'name' in to ? [to] : to;
  const addresses = lists.map(addressOf);
  const copies = posts * (lists[0]?.members ?? 0);
  let mostMemory = memory();
  const watch = setInterval(() => {
    mostMemory = Math.max(mostMemory, memory());
  }, 250);
  const cpuBefore = cpu();
  const start = performance.now();
  try {
    await Promise.all(servers.map(({ lmtpPort }) => postMany(lmtpPort, addresses, posts / servers.length)));
    await sink.untilRecipients(copies, ARRIVAL_LIMIT);
    const seconds = (performance.now() - start) / 1000 - latency;
    return {
      postsPerSecond: posts / seconds,
      recipientsPerSecond: copies / seconds,
      cpuPerPost: (cpu() - cpuBefore) / posts,
      mostMemory,
    };
  } finally {
    clearInterval(watch);
  }
}

/** What has become of posts while which a server ended. */
export interface Interruption {
  readonly server: MailServer;
  /** How long the server took to end. */
  readonly endSeconds: number;
  /** From the start of its successor until that has delivered something. */
  readonly resumedSeconds: number;
  readonly accepted: number;
  /** Posts that were accepted and have not reached all members. */
  readonly missing: number;
  /** Copies more than once to the same member. */
  readonly repeated: number;
}

/** Mailman 3 needs up to twelve seconds to start, in milliseconds. */
const STUCK_AFTER = 40_000;

/** Ends a server while posts are on their way, starts it again, and waits until nothing happens any more. */
export async function interrupt(
  system: MailSystem,
  server: MailServer,
  sink: Sink,
  { list, posts, signal }: { list: BenchList; posts: number; signal: 'SIGTERM' | 'SIGKILL' },
): Promise<Interruption> {
  await sink.reset(true);
  const copies = posts * list.members;
  const load = postMany(server.lmtpPort, addressOf(list), posts, { isBreakable: true });
  // What an earlier end has left stuck may deliver nothing: its posts are missing then.
  await sink.untilRecipients(copies * ARRIVED_AT_END, STUCK_AFTER).catch(() => {});
  const end = performance.now();
  await server.end(signal);
  const endSeconds = (performance.now() - end) / 1000;
  const { accepted } = await load;
  // What the sink has got but not counted yet.
  await sleep(200);
  const { recipients } = await sink.report();
  const start = performance.now();
  const restarted = system.start();
  await Promise.all([restarted, sink.untilRecipients(recipients + 1, STUCK_AFTER).catch(() => {})]);
  const resumedSeconds = (performance.now() - start) / 1000;
  const last = await untilSilent(sink, accepted, list.members);
  const distinct = Object.values(last.copies).reduce((sum, count) => sum + count, 0);
  return {
    server: await restarted,
    endSeconds,
    resumedSeconds,
    accepted: accepted.length,
    missing: accepted.filter((id) => (last.copies[id] ?? 0) < list.members).length,
    repeated: last.recipients - distinct,
  };
}

async function untilSilent(sink: Sink, accepted: readonly string[], members: number) {
  let report = await sink.report();
  let changed = performance.now();
  const isComplete = () => accepted.every((id) => report.copies[id] === members);
  while (!isComplete() && performance.now() - changed < SILENCE_LIMIT) {
    await sleep(300);
    const { recipients } = report;
    report = await sink.report();
    if (report.recipients !== recipients) changed = performance.now();
  }
  // Repeats may still come.
  await sleep(500);
  return sink.report();
}
