import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { postgresqlServer, startPostgresql } from '../../test/peers/postgresql.ts';
import { MissingPeerError } from '../../test/peers/throwaway.ts';
import { ferrymanSystem } from './ferryman-system.ts';
import type { Figure } from './figures.ts';
import type { Place } from './flow-growth.ts';
import { acceptance, throughput } from './flow-steps.ts';
import { announce } from './import-steps.ts';
import { type BenchList, type MailServer, type MailSystem, treeCpuSeconds } from './mail-system.ts';
import { canLimitShare } from './processor-share.ts';
import { idleShare } from './processors.ts';
import type { Sink } from './sink.ts';

const TEN: BenchList = { name: 'ten', members: 10 };
const THOUSAND: BenchList = { name: 'thousand', members: 1000 };
/** Eight lists: posts to one list follow each other, in whatever process. */
const EIGHT = Array.from({ length: 8 }, (_, index): BenchList => ({ name: `ten${index}`, members: 10 }));
const VERP = ['verp_delivery_interval: 1'];

/** Posts to ten. */
const POSTS = 1000;

/** How long to post without a pause. */
const FLOOD_SECONDS = 5;

/** Figures of one database, in the order of NAMES. */
type Rates = readonly number[];

const NAMES = [
  'accepted by LMTP',
  'posts to a list of 10',
  'recipients of a list of 1000',
  'recipients of a list of 1000, VERP',
];

/**
 * PostgreSQL against half of what SQLite has to reach, and two processes on one PostgreSQL against one; all with full
 * durability.
 * @param measured with SQLite against other systems
 */
export async function compareDatabases(
  { program, folder, sink }: Place,
  measured: readonly Figure[],
): Promise<Figure[]> {
  announce('Ferryman with PostgreSQL: starting it');
  const started = await startPostgresql({ isDurable: true }).catch((error: unknown) => {
    if (!(error instanceof MissingPeerError)) throw error;
    announce(`  left out: ${error.message}`);
  });
  if (!started) return [];
  try {
    const postgresql = postgresqlServer(started.address);
    await postgresql.createDatabase('bench');
    const place = (name: string, databaseUrl?: string, share?: number) =>
      ferrymanSystem({
        ...{ program, folder: join(folder, name), sinkPort: sink.port },
        ...(databaseUrl ? { databaseUrl } : {}),
        ...(share === undefined ? {} : { share }),
      });
    const url = postgresql.url('bench');
    const embedded = await place('sqlite');
    const first = await place('postgresql', url);
    const second = await place('postgresql-second', url);
    embedded.create([TEN, THOUSAND]);
    first.create([TEN, THOUSAND, ...EIGHT]);
    const [sqlite, server] = await inTurns([embedded, first], sink);
    const figures = NAMES.flatMap((what, index): Figure[] => {
      const ours = server?.[index] ?? 0;
      const judged = measured.find((one) => one.what === what);
      return [
        ...halfAsGood(ours, judged),
        {
          ...{ what: `PostgreSQL beside SQLite: ${what}`, unit: 'perSecond', ours, target: undefined },
          against: { name: 'SQLite', value: sqlite?.[index] ?? 0 },
        },
      ];
    });
    const pid = Number.parseInt(
      readFileSync(join(started.address.socket, 'data/postmaster.pid'), 'utf8'),
      10,
    );
    const databaseCpu = () => treeCpuSeconds(pid);
    figures.push(...(await secondProcess([first, second], sink, databaseCpu, UNBOUND)));
    if (!canLimitShare()) {
      announce(
        '  left out: processes with half a processor each, for which control groups are needed, and root',
      );
      return figures;
    }
    const halves = [await place('half', url, HALF), await place('half-second', url, HALF)];
    return [...figures, ...(await secondProcess(halves, sink, databaseCpu, HALVES))];
  } finally {
    await started.stop();
  }
}

function halfAsGood(ours: number, embedded: Figure | undefined): Figure[] {
  if (!embedded?.against || embedded.target?.kind !== 'timesFaster') return [];
  const { what, unit, against, target } = embedded;
  const half = { kind: 'timesFaster', atLeast: target.atLeast / 2 } as const;
  return [{ what: `PostgreSQL: ${what}`, unit, ours, against, target: half }];
}

async function inTurns(systems: readonly MailSystem[], sink: Sink): Promise<Rates[]> {
  const results: number[][] = systems.map(() => []);
  for (const [index, system] of systems.entries()) {
    announce(`Ferryman with ${index === 0 ? 'SQLite' : 'PostgreSQL'}: rates`);
    await withServers([system], [], async (servers) => {
      await warmUp(servers, sink, TEN);
      const { postsPerSecond } = await throughput(servers, sink, TEN, POSTS);
      const { recipientsPerSecond } = await throughput(servers, sink, THOUSAND, 50);
      results[index]?.push(postsPerSecond, recipientsPerSecond);
      for (const server of servers) {
        const { acceptedPerSecond } = await acceptance(server, sink, TEN, FLOOD_SECONDS);
        results[index]?.unshift(acceptedPerSecond);
      }
    });
    await withServers([system], VERP, async (servers) => {
      results[index]?.push((await throughput(servers, sink, THOUSAND, 10)).recipientsPerSecond);
    });
  }
  return results;
}

/** Who has used the processors for a post, in seconds. */
interface Costs {
  readonly ferryman: number;
  readonly database: number;
  readonly load: number;
  readonly sink: number;
  /** Of all processors' time, the part that nobody had a use for. */
  readonly idle: number;
}

/** The first posts find programs that are not compiled yet, and two processes later than one. */
async function warmUp(
  servers: readonly MailServer[],
  sink: Sink,
  to: BenchList | readonly BenchList[],
): Promise<void> {
  await throughput(servers, sink, to, POSTS * servers.length);
}

/** How the processes are compared. */
interface Comparison {
  readonly two: string;
  readonly one: string;
  readonly note: string;
  /** How many times as many posts two processes have to deliver, where there is room for a second one. */
  readonly atLeast?: number;
}

const UNBOUND: Comparison = {
  two: 'two processes',
  one: 'one process',
  note: `a second one can only use what the first and all others leave of ${cpus().length} processors.`,
};

/** The part of a processor that a process gets where room is left for a second one, and for the database. */
const HALF = 0.5;

/** What a second process is for: one that may use no more than it does is at its end, and the machine is not. */
const HALVES: Comparison = {
  two: 'two processes with half a processor each',
  one: 'one process with half a processor',
  note: 'each process of Ferryman may use half a processor, as a limit of its container would have it; PostgreSQL, the load and the counting mail server use all.',
  atLeast: 1.5,
};

/** Posts to eight lists, which do not wait for each other, through one process and through two on the same database. */
async function secondProcess(
  systems: readonly MailSystem[],
  sink: Sink,
  databaseCpu: () => number,
  { two: twoProcesses, one: oneProcess, note, atLeast }: Comparison,
): Promise<Figure[]> {
  const rates: number[] = [];
  const costs: Costs[] = [];
  for (const count of [1, 2]) {
    announce(`Ferryman with PostgreSQL: ${count === 1 ? oneProcess : twoProcesses}`);
    await withServers(systems.slice(0, count), [], async (servers) => {
      await warmUp(servers, sink, EIGHT);
      const posts = 2 * POSTS;
      const before = { database: databaseCpu(), load: ownCpu(), sink: sink.cpu() };
      let ferryman = 0;
      const idle = await idleShare(async () => {
        const { postsPerSecond, cpuPerPost } = await throughput(servers, sink, EIGHT, posts);
        rates.push(postsPerSecond);
        ferryman = cpuPerPost;
      });
      costs.push({
        ...{ ferryman, idle },
        database: (databaseCpu() - before.database) / posts,
        load: (ownCpu() - before.load) / posts,
        sink: (sink.cpu() - before.sink) / posts,
      });
    });
  }
  const [one = 0, two = 0] = rates;
  return [
    {
      ...{ what: `PostgreSQL, ${twoProcesses}: posts to eight lists of 10`, unit: 'perSecond', ours: two },
      against: { name: oneProcess, value: one },
      target: atLeast === undefined ? undefined : { kind: 'timesFaster', atLeast },
      note: `PostgreSQL, ${twoProcesses}: ${note}\n${costs.map((cost, index) => `  with ${index + 1}: ${described(cost)}`).join('\n')}`,
    },
  ];
}

function described({ ferryman, database, load, sink, idle }: Costs): string {
  const milliseconds = (seconds: number) => `${(seconds * 1000).toFixed(2)} ms`;
  return (
    `a post costs Ferryman ${milliseconds(ferryman)} of a processor, the database ${milliseconds(database)}, the load ` +
    `${milliseconds(load)}, the counting mail server ${milliseconds(sink)}; ${percent(idle)} of the processors' time was left`
  );
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function percent(share = 0): string {
  return `${Math.round(share * 100)} %`;
}

async function withServers(
  systems: readonly MailSystem[],
  settings: readonly string[],
  work: (servers: readonly MailServer[]) => Promise<void>,
): Promise<void> {
  const servers: MailServer[] = [];
  try {
    for (const system of systems) servers.push(await system.start(settings));
    await work(servers);
  } finally {
    for (const server of servers) await server.end('SIGTERM');
  }
}
