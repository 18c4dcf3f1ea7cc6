import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure, Target } from './figures.ts';
import type { Plan } from './flow-plan.ts';
import { type Acceptance, acceptance, idleLatencies, interrupt, quantile, throughput } from './flow-steps.ts';
import { announce } from './import-steps.ts';
import type { BenchList, MailServer, MailSystem } from './mail-system.ts';
import type { Sink } from './sink.ts';

const TEN: BenchList = { name: 'ten', members: 10 };
const HUNDRED: BenchList = { name: 'hundred', members: 100 };
const THOUSAND: BenchList = { name: 'thousand', members: 1000 };
const TEN_THOUSAND: BenchList = { name: 'ten-thousand', members: 10_000 };
const PERSONAL: BenchList = { name: 'personal', members: 1000, isPersonalized: true };
const LISTS = [TEN, HUNDRED, THOUSAND, TEN_THOUSAND, PERSONAL];

/** Every message to each recipient by himself. */
const VERP = ['verp_delivery_interval: 1'];

/** What Mailman 2.1.39 has reached with a list of 100, its archive off, on a machine like this. */
const MAILMAN21 = { bulk: 8360, verp: 1093, bytes: 114e6 };

/** Copies that may be on their way when a server dies: ten in each of 20 connections. */
const IN_FLIGHT = 200;

const timesAsMany = (atLeast: number): Target => ({ kind: 'timesFaster', atLeast });

interface Side {
  readonly system: MailSystem;
  /** Which of both numbers of the plan is its own. */
  readonly at: 0 | 1;
  server: MailServer;
  /** Of a single post at idle, in seconds. */
  latency: number;
}

/** Measures both in turns. @param peer left out where it is not wanted */
export async function compareSystems(
  ours: MailSystem,
  peer: MailSystem | undefined,
  sink: Sink,
  plan: Plan,
): Promise<Figure[]> {
  const sides: Side[] = [];
  for (const [index, system] of [ours, peer].entries()) {
    if (!system) continue;
    announce(`${system.name}: making lists, starting`);
    system.create(LISTS);
    sides.push({ system, at: index === 0 ? 0 : 1, server: await system.start(), latency: 0 });
  }
  const comparison = new Comparison(sides);
  try {
    await comparison.measure('ready after start', 'seconds', async ({ server }) => [server.readySeconds], [
      { kind: 'below', limit: 1 },
    ]);
    await measureAtRest(comparison);
    await measureLatency(comparison, sink, plan);
    await measureAcceptance(comparison, sink, plan);
    await measureRates(comparison, sink, plan);
    await measureInterruptions(comparison, sink, plan);
    await comparison.restart(VERP);
    await measureVerp(comparison, sink, plan);
  } finally {
    for (const { server } of sides) await server.end('SIGKILL');
  }
  return comparison.figures;
}

/** Collects the figures of both. */
class Comparison {
  readonly figures: Figure[] = [];
  readonly #sides: readonly Side[];

  constructor(sides: readonly Side[]) {
    this.#sides = sides;
  }

  /** Measures each side; several values at once are named by `what`, separated by `; `. */
  async measure(
    what: string,
    unit: Figure['unit'],
    work: (side: Side) => Promise<readonly number[]>,
    targets: readonly (Target | undefined)[],
  ): Promise<void> {
    const values: (readonly number[])[] = [];
    for (const side of this.#sides) {
      announce(`${side.system.name}: ${what}`);
      values.push(await work(side));
    }
    const [ours = [], peer] = values;
    for (const [index, name] of what.split('; ').entries()) {
      const other = peer?.[index];
      this.figures.push({
        what: name,
        unit,
        ours: ours[index] ?? 0,
        against: other === undefined ? undefined : { name: 'Mailman 3', value: other },
        target: isComparable(targets[index], other) ? targets[index] : undefined,
      });
    }
  }

  /** Measures ours alone, against what Mailman 2.1 has reached. */
  async measureAgainstMailman21(
    what: string,
    unit: Figure['unit'],
    value: number,
    work: (side: Side) => Promise<number>,
  ): Promise<void> {
    const [side] = this.#sides;
    if (!side) return;
    announce(`${side.system.name}: ${what}`);
    const against = { name: 'Mailman 2.1, recorded', value };
    this.figures.push({ what, unit, ours: await work(side), against, target: timesAsMany(1) });
  }

  async prepare(work: (side: Side) => Promise<void>): Promise<void> {
    for (const side of this.#sides) await work(side);
  }

  /** Says what limits the figure that was measured last. */
  note(text: string): void {
    const last = this.figures.pop();
    if (last) this.figures.push({ ...last, note: text });
  }

  async restart(settings: readonly string[]): Promise<void> {
    for (const side of this.#sides) {
      await side.server.end('SIGTERM');
      side.server = await side.system.start(settings);
    }
  }
}

/** Without a peer, only what is no ratio can be judged. */
function isComparable(target: Target | undefined, peer: number | undefined): boolean {
  return target?.kind === 'below' || target?.kind === 'atMost' || peer !== undefined;
}

async function measureAtRest(comparison: Comparison): Promise<void> {
  await sleep(3000);
  await comparison.measure('memory at rest', 'bytes', async ({ server }) => [server.memory()], [
    { kind: 'timesAsLong', atMost: 1 / 8 },
  ]);
  const memory = async ({ server }: Side) => server.memory();
  await comparison.measureAgainstMailman21('memory at rest, again', 'bytes', MAILMAN21.bytes, memory);
}

async function measureLatency(comparison: Comparison, sink: Sink, plan: Plan): Promise<void> {
  await comparison.measure(
    'latency at idle, p50; latency at idle, p95',
    'seconds',
    async (side) => {
      const times = await idleLatencies(side.server, sink, TEN, plan.idle[side.at]);
      side.latency = quantile(times, 0.5);
      return [side.latency, quantile(times, 0.95)];
    },
    [
      { kind: 'timesFaster', atLeast: 20 },
      { kind: 'timesFaster', atLeast: 20 },
    ],
  );
}

async function measureAcceptance(comparison: Comparison, sink: Sink, plan: Plan): Promise<void> {
  const results: Acceptance[] = [];
  await comparison.measure(
    'accepted by LMTP',
    'perSecond',
    async ({ server }) => {
      const result = await acceptance(server, sink, TEN, plan.flood);
      results.push(result);
      return [result.acceptedPerSecond];
    },
    [timesAsMany(25)],
  );
  const [ours] = results;
  if (ours) {
    comparison.note(
      `accepted by LMTP: 20 sessions as Postfix keeps them, for ${plan.flood} s. Of one session's messages each waits for the disk, and while they come in Ferryman gives a tenth of its time to delivery: ${Math.round(ours.deliveredPerSecond)} copies/s left it meanwhile. The processors worked ${(ours.cpuPerMessage * 1000).toFixed(2)} ms for each message.`,
    );
  }
}

async function measureRates(comparison: Comparison, sink: Sink, plan: Plan): Promise<void> {
  const memory = new Map<Side, number>();
  await comparison.measure(
    'posts to a list of 10; recipients of a list of 10',
    'perSecond',
    async (side) => {
      const { postsPerSecond, recipientsPerSecond, mostMemory } = await throughput(
        [side.server],
        sink,
        TEN,
        plan.toTen[side.at],
        side.latency,
      );
      memory.set(side, mostMemory);
      return [postsPerSecond, recipientsPerSecond];
    },
    [timesAsMany(15)],
  );
  const bulk = (list: BenchList, posts: readonly [number, number], target: Target | undefined) =>
    comparison.measure(
      `recipients of a list of ${list.members}${list.isPersonalized ? ', personalised' : ''}`,
      'perSecond',
      async (side) => {
        const { recipientsPerSecond, mostMemory } = await throughput(
          [side.server],
          sink,
          list,
          posts[side.at],
          side.latency,
        );
        memory.set(side, Math.max(mostMemory, memory.get(side) ?? 0));
        return [recipientsPerSecond];
      },
      [target],
    );
  await comparison.measureAgainstMailman21(
    'recipients of a list of 100',
    'perSecond',
    MAILMAN21.bulk,
    async ({ server }) => (await throughput([server], sink, HUNDRED, 500)).recipientsPerSecond,
  );
  await bulk(THOUSAND, [50, 20], timesAsMany(5));
  await bulk(TEN_THOUSAND, plan.large, timesAsMany(5));
  await bulk(PERSONAL, [plan.large[0], 1], timesAsMany(25));
  await comparison.measure('memory under load', 'bytes', async (side) => [memory.get(side) ?? 0], [
    { kind: 'below', limit: 250e6 },
  ]);
}

async function measureInterruptions(comparison: Comparison, sink: Sink, plan: Plan): Promise<void> {
  const names = ['delivering again after', 'posts not delivered', 'copies repeated'];
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const what = signal === 'SIGKILL' ? 'kill -9' : 'stop under load';
    const counts = new Map<Side, readonly number[]>();
    await comparison.measure(
      signal === 'SIGKILL' ? `${what}: ${names[0]}` : `${what}: took; ${what}: ${names[0]}`,
      'seconds',
      async (side) => {
        const job = { list: TEN, posts: plan.interrupted[side.at], signal };
        const result = await interrupt(side.system, side.server, sink, job);
        side.server = result.server;
        counts.set(side, [result.missing, result.repeated]);
        announce(`  ${result.accepted} accepted, ${result.missing} missing, ${result.repeated} repeated`);
        return signal === 'SIGKILL' ? [result.resumedSeconds] : [result.endSeconds, result.resumedSeconds];
      },
      signal === 'SIGKILL' ? [{ kind: 'below', limit: 2 }] : [undefined, { kind: 'below', limit: 2 }],
    );
    await comparison.measure(
      `${what}: ${names[1]}; ${what}: ${names[2]}`,
      'count',
      async (side) => counts.get(side) ?? [],
      [
        { kind: 'atMost', limit: 0 },
        { kind: 'atMost', limit: signal === 'SIGKILL' ? IN_FLIGHT : 0 },
      ],
    );
  }
}

/** Posts to ten before VERP is measured: both have been started anew, and ours is not compiled yet. */
const WARM_UP = [400, 5] as const;

async function measureVerp(comparison: Comparison, sink: Sink, plan: Plan): Promise<void> {
  await comparison.prepare(async ({ server, at }) => {
    await throughput([server], sink, TEN, WARM_UP[at]);
  });
  await comparison.measure(
    'recipients of a list of 1000, VERP',
    'perSecond',
    async ({ server, at, latency }) => {
      const posts = [plan.large[0], 1][at] ?? 1;
      return [(await throughput([server], sink, THOUSAND, posts, latency)).recipientsPerSecond];
    },
    [timesAsMany(25)],
  );
  await comparison.measureAgainstMailman21(
    'recipients of a list of 100, VERP',
    'perSecond',
    MAILMAN21.verp,
    async ({ server }) => (await throughput([server], sink, HUNDRED, 50)).recipientsPerSecond,
  );
}
