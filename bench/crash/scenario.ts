import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ferrymanSystem } from '../support/ferryman-system.ts';
import type { MailServer } from '../support/mail-system.ts';
import { type AccountingSink, startAccountingSink } from './accounting-sink.ts';
import { type Accounts, drawUp } from './accounts.ts';
import { isWhole, Poster } from './poster.ts';

const LIST = 'crowd';
const SESSIONS = 2;

/** Queues that something else works on, which may come later. */
const KEPT: ReadonlySet<string> = new Set(['archive']);

/** How long until the last copy has come, in milliseconds. */
const PATIENCE = 120_000;

export interface CrashOptions {
  /** Where `bin` and `dist` are. */
  readonly program: string;
  readonly folder: string;
  readonly databaseUrl?: string;
  readonly posts: number;
  readonly members: number;
  /** How the server ends each time: killed, or told to stop. */
  readonly signal: Parameters<MailServer['end']>[0];
  readonly ends: number;
  /** From 0 to 1: where in the time that it may run an end comes. */
  readonly moment: () => number;
  /** Lines of [mta]. */
  readonly settings: readonly string[];
}

export interface CrashReport extends Accounts {
  /** Ends that came while posts were handed in or under way. */
  readonly ends: number;
  /** SMTP transactions that were in flight at those ends. */
  readonly inFlight: number;
  /** Attempts to hand a post in that got no reply. */
  readonly unanswered: number;
  /** From each restart of the process, in milliseconds: until LMTP answers, and until the first message is delivered. */
  readonly ready: readonly number[];
  readonly firstDelivery: readonly number[];
  /** Of each end. */
  readonly stopped: readonly number[];
  /** What is left in the queues at last, and what was shunted. */
  readonly stuck: number;
}

/** Lets a server end again and again while posts go through it, and draws up what became of them. */
export async function crashAgainAndAgain(options: CrashOptions): Promise<CrashReport> {
  const { program, folder, posts, members: size } = options;
  const address = `${LIST}@example.com`;
  const sink = await startAccountingSink((message) => isWhole(message, address));
  const system = await ferrymanSystem({
    program,
    folder,
    sinkPort: sink.port,
    ...(options.databaseUrl ? { databaseUrl: options.databaseUrl } : {}),
  });
  system.create([{ name: LIST, members: size }]);
  const members = Array.from({ length: size }, (_, index) => `member${index}@example.org`);
  const start = () => system.start(options.settings);
  let server = await start();
  const poster = new Poster(server.lmtpPort, address);
  try {
    const posting = poster.postAll(0, posts, SESSIONS);
    const times = { ready: [] as number[], firstDelivery: [] as number[], stopped: [] as number[] };
    let ends = 0;
    for (; ends < options.ends; ends += 1) {
      await within(PATIENCE, poster.whenAccepted(((ends + options.moment()) / options.ends) * posts));
      times.stopped.push(await end(server, options.signal));
      await sink.idle();
      const begun = performance.now();
      const first = sink.nextMessage();
      server = await start();
      times.ready.push(performance.now() - begun);
      // After a stop in order there may be nothing left to do.
      const complete = until(() => isComplete(posts, members, poster, sink), PATIENCE).then(() => undefined);
      const delivered = await Promise.race([first, complete]);
      if (delivered !== undefined) times.firstDelivery.push(delivered - begun);
    }
    await posting;
    await until(() => isComplete(posts, members, poster, sink), PATIENCE).catch(() => {});
    await end(server, 'SIGTERM');
    await sink.idle();
    return {
      ...drawUp(posts, members, poster, sink),
      ...times,
      ends,
      inFlight: sink.brokenTransactions,
      unanswered: [...poster.fates.values()].filter((fate) => fate === 'unknown').length,
      stuck: leftInQueues(program, folder),
    };
  } catch (error) {
    await server.end('SIGKILL');
    throw new Error(`${(error as Error).message}\n${errorLog(folder)}`, { cause: error });
  } finally {
    await sink.stop();
  }
}

/** @returns milliseconds until the process was gone */
async function end(server: MailServer, signal: CrashOptions['signal']): Promise<number> {
  const begun = performance.now();
  await server.end(signal);
  return performance.now() - begun;
}

function isComplete(
  posts: number,
  members: readonly string[],
  poster: Poster,
  sink: AccountingSink,
): boolean {
  // Quick to ask again and again; what is missing is looked up in the end.
  return sink.taken.size >= posts * members.length && drawUp(posts, members, poster, sink).lost === 0;
}

function leftInQueues(program: string, folder: string): number {
  const argv = ['-C', join(folder, 'mailman.cfg'), 'queues', '--json'];
  const output = execFileSync(join(program, 'bin/mailman'), argv, { encoding: 'utf8' });
  const counts = JSON.parse(output) as Record<string, number>;
  return Object.entries(counts).reduce((sum, [queue, count]) => sum + (KEPT.has(queue) ? 0 : count), 0);
}

function errorLog(folder: string): string {
  const file = join(folder, 'var/logs/error.log');
  return existsSync(file) ? readFileSync(file, 'utf8').slice(-2000) : '';
}

/** @throws Error after the limit */
async function within(limit: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${limit} ms`)), limit);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** @throws Error after the limit */
async function until(isReached: () => boolean, limit: number): Promise<void> {
  const end = performance.now() + limit;
  while (!isReached()) {
    if (performance.now() > end) throw new Error(`Not within ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
