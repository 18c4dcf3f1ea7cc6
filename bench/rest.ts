/**
 * Measures the REST API of a running server, against Debian's mailman3 on the same machine in the same run.
 *
 *     node bench/rest.ts [--quick] [--ours] [--memory] [--json] [--save]
 *
 * - `--quick`: seconds instead of a minute; 10,000 requests instead of 100,000 for the memory
 * - `--ours`: without Mailman 3; its columns stay empty
 * - `--memory`: only what the memory is after 100,000 requests, against what it was before
 * - `--json`: the figures as JSON instead of a table
 * - `--save`: keeps them in bench/results/rest.json as well
 *
 * Both have a list of 20,000 members. Needs `npm run build` and the Debian package mailman3; everything happens in a
 * temporary folder, which goes away.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchFolder, benchOptions, report, requireMailman3 } from './support/bench-run.ts';
import { ferrymanSystem } from './support/ferryman-system.ts';
import type { Figure } from './support/figures.ts';
import type { MailServer, MailSystem } from './support/mail-system.ts';
import { mailman3System } from './support/mailman3-system.ts';
import { type Asked, type Load, loadRest } from './support/rest-load.ts';
import { startSink } from './support/sink.ts';

const MEMBERS = 20_000;
const PAGE = 100;
const CONNECTIONS = [1, 8];

/** While the memory is measured: every so many requests somebody is subscribed. */
const READS_PER_CHANGE = 21;
const SECONDS_OF_REST = 15;
const WARMING_REQUESTS = 20_000;

/** What is measured; `times` is how many times as many as Mailman 3 are to be answered. */
interface Subject {
  readonly what: string;
  readonly times: number;
  readonly isRead: boolean;
  readonly next: (number: number) => Asked;
}

const subjects: readonly Subject[] = [
  { what: 'list', times: 10, isRead: true, next: () => ({ path: '/lists/big.example.com' }) },
  { what: 'list config', times: 10, isRead: true, next: () => ({ path: '/lists/big.example.com/config' }) },
  {
    what: 'find member',
    times: 10,
    isRead: true,
    next: (number) => ({
      path: `/members/find?list_id=big.example.com&subscriber=member${(number * 7919) % MEMBERS}@example.org`,
    }),
  },
  {
    what: 'roster page',
    times: 100,
    isRead: true,
    next: (number) => ({
      path: `/lists/big.example.com/roster/member?count=${PAGE}&page=${1 + ((number * 37) % (MEMBERS / PAGE))}`,
    }),
  },
  {
    what: 'new roster page',
    times: 100,
    isRead: true,
    next: (number) => {
      // 13,000 pages, 100 long on average, so that none is asked for twice: what is remembered does not help.
      const count = PAGE / 2 + (Math.floor(number / 130) % (PAGE + 1));
      return {
        path: `/lists/big.example.com/roster/member?count=${count}&page=${1 + ((number * 37) % 130)}`,
      };
    },
  },
  { what: 'subscribe', times: 10, isRead: false, next: subscription },
];

let subscribed = 0;

function subscription(): Asked {
  subscribed += 1;
  return {
    path: '/members',
    form: `list_id=small.example.com&subscriber=new${subscribed}@example.org&pre_verified=1&pre_confirmed=1&pre_approved=1&send_welcome_message=no`,
  };
}

const { values: options } = parseArgs({
  options: { ...benchOptions, memory: { type: 'boolean', default: false } },
});

requireMailman3({ ours: options.ours || options.memory });
const folder = benchFolder('rest');

const seconds = options.quick ? 1.5 : 5;
const sink = await startSink();
try {
  await report(options.memory ? 'rest-memory' : 'rest', options, async () => ({ figures: await run() }));
} finally {
  sink.stop();
}

async function run(): Promise<Figure[]> {
  const program = fileURLToPath(new URL('..', import.meta.url));
  const ours = await open(
    await ferrymanSystem({ program, folder: join(folder, 'ferryman'), sinkPort: sink.port }),
  );
  const theirs =
    options.ours || options.memory
      ? undefined
      : await open(await mailman3System(join(folder, 'mailman3'), sink.port));
  const measured: Figure[] = [];
  for (const subject of options.memory ? [] : subjects) {
    for (const connections of CONNECTIONS)
      measured.push(...(await compare(subject, connections, ours, theirs)));
  }
  await theirs?.end('SIGTERM');
  measured.push(await measureMemory(ours, options.quick ? 10_000 : 100_000));
  await ours.end('SIGTERM');
  return measured;
}

async function open(system: MailSystem): Promise<MailServer> {
  system.create([
    { name: 'big', members: MEMBERS },
    { name: 'small', members: 10 },
  ]);
  const server = await system.start();
  // The mail server's side answers first; the other one may still be starting.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answered = await loadRest(server.restPort, 1, () => ({ path: '/system' }), { requests: 1 }).then(
      () => true,
      () => false,
    );
    if (answered) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return server;
}

async function compare(
  { what, times, isRead, next }: Subject,
  connections: number,
  ours: MailServer,
  theirs: MailServer | undefined,
): Promise<Figure[]> {
  const run = (server: MailServer): Promise<Load> =>
    loadRest(server.restPort, connections, next, { seconds });
  const against = theirs && (await run(theirs));
  const load = await run(ours);
  const name = `${what}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`;
  const compared = (value: number | undefined) =>
    value === undefined ? undefined : { name: 'Mailman 3', value };
  return [
    {
      what: name,
      unit: 'perSecond',
      ours: load.perSecond,
      against: compared(against?.perSecond),
      target: against && { kind: 'timesFaster', atLeast: times },
    },
    {
      what: `${name}: 19 of 20 within`,
      unit: 'seconds',
      ours: load.p95Seconds,
      against: compared(against?.p95Seconds),
      target: isRead && connections === 8 ? { kind: 'below', limit: 0.01 } : undefined,
    },
  ];
}

/** The memory after many requests of all kinds, against that when the server had warmed up. */
async function measureMemory(server: MailServer, requests: number): Promise<Figure> {
  const reads = subjects.filter(({ isRead }) => isRead);
  const mixed = (number: number): Asked =>
    number % READS_PER_CHANGE === 0
      ? subscription()
      : (reads[number % reads.length]?.next(number) ?? { path: '/system' });
  await loadRest(server.restPort, 8, mixed, { requests: WARMING_REQUESTS });
  const before = await settledMemory(server);
  await loadRest(server.restPort, 8, mixed, { requests });
  return {
    what: `memory after ${requests} requests`,
    unit: 'bytes',
    ours: await settledMemory(server),
    against: { name: 'before', value: before },
    target: { kind: 'timesAsLong', atMost: 1.1 },
  };
}

/** The least that the process has had while it rested: V8 tidies up some seconds after the last request. */
async function settledMemory(server: MailServer): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let second = 0; second < SECONDS_OF_REST; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    least = Math.min(least, server.memory());
  }
  return least;
}
