import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Figure, Target } from './figures.ts';
import { throughput } from './flow-steps.ts';
import { announce } from './import-steps.ts';
import type { BenchList, MailSystem } from './mail-system.ts';
import type { Sink } from './sink.ts';

const THOUSAND: BenchList = { name: 'thousand', members: 1000 };
const PERSONAL: BenchList = { name: 'personal', members: 1000, isPersonalized: true };

/** Half of what is measured beside it. */
const HALF: Target = { kind: 'timesFaster', atLeast: 0.5 };

const VERP = ['verp_delivery_interval: 1'];

/** Posts that a server gets before it is measured: its first thousands of transactions find a program that is not compiled yet. */
const WARM_UP = 4;

/** How recipients of a list of 1000 get their posts, and what the server has to be told for it. */
interface Way {
  readonly key: 'bulk' | 'alone' | 'personalised' | 'verp' | 'byServer';
  readonly settings: readonly string[];
  readonly list: BenchList;
  /** How many times as many posts as of those that take a transaction for each recipient. */
  readonly share: number;
  /** Whether the counting mail server offers XVERP, as Postfix does to `smtpd_authorized_verp_clients`. */
  readonly isVerpOffered?: boolean;
}

const WAYS: readonly Way[] = [
  { key: 'bulk', settings: [], list: THOUSAND, share: 5 },
  { key: 'alone', settings: ['max_recipients: 1'], list: THOUSAND, share: 1 },
  { key: 'verp', settings: VERP, list: THOUSAND, share: 1 },
  { key: 'personalised', settings: [], list: PERSONAL, share: 1 },
  { key: 'byServer', settings: VERP, list: THOUSAND, share: 5, isVerpOffered: true },
];

/** How often each way is measured; the middle one of its rates counts. */
const ROUNDS = 3;

/** Postfix's program that sends as fast as a mail server takes it. */
const SMTP_SOURCE = ['/usr/sbin/smtp-source', '/usr/local/sbin/smtp-source'].find((path) => existsSync(path));

/** Connections of the server at once, as it is installed. */
const SESSIONS = 20;

/**
 * VERP and personalised copies beside our own bulk rate. What takes a transaction for each recipient is measured against
 * bulk that takes one, too; where the mail server makes the envelope senders, against bulk as it is.
 * @param system its lists exist already; it is not running
 * @param posts of those ways that take a transaction for each recipient
 */
export async function measureOwnRates(system: MailSystem, sink: Sink, posts: number): Promise<Figure[]> {
  const rates = new Map<string, number[]>();
  const note = (key: string, rate: number): void => void rates.set(key, [...(rates.get(key) ?? []), rate]);
  for (let round = 1; round <= ROUNDS; round += 1) {
    announce(`${system.name}: bulk, VERP and personalised, round ${round} of ${ROUNDS}`);
    for (const way of WAYS) note(way.key, await rateOf(way, system, sink, posts * way.share));
    if (SMTP_SOURCE) note('raw', await rawRate(SMTP_SOURCE, sink, posts * THOUSAND.members));
  }
  if (!SMTP_SOURCE) announce('  left out: smtp-source, of the Debian package postfix');
  const middle = (key: Way['key'] | 'raw'): number => median(rates.get(key) ?? []);
  const beside = (
    what: string,
    key: Way['key'],
    name: string,
    peer: Way['key'] | 'raw',
    target?: Target,
  ) => ({
    ...{ what: `recipients of a list of 1000, ${what}`, unit: 'perSecond' as const },
    ...{ ours: middle(key), against: { name, value: middle(peer) }, target },
  });
  const single = 'our bulk, one at a time';
  const figures: Figure[] = [
    beside('VERP beside bulk', 'verp', single, 'alone', HALF),
    beside('personalised beside bulk', 'personalised', single, 'alone', HALF),
    beside('VERP by the mail server', 'byServer', 'our bulk', 'bulk', HALF),
    ...(SMTP_SOURCE ? [beside('VERP, raw limit', 'verp', 'smtp-source', 'raw')] : []),
  ];
  const last = figures.pop();
  return last ? [...figures, { ...last, note: NOTE }] : figures;
}

const NOTE =
  'Beside bulk: each way three times in turns, with a server that has worked before; the middle rate counts. A copy that ' +
  'differs from all others takes a transaction of its own, so its peer is our bulk with `max_recipients: 1`, which takes one ' +
  'for each recipient as well. By the mail server: the counting mail server offers XVERP as Postfix does to ' +
  '`smtpd_authorized_verp_clients`, and counts recipients at once; Postfix itself then still makes each copy. smtp-source is ' +
  "Postfix's own load generator, in C: it sends one message over and over from 20 connections, and keeps no account of it.";

async function rateOf(way: Way, system: MailSystem, sink: Sink, posts: number): Promise<number> {
  await sink.offerVerp(way.isVerpOffered ?? false);
  const server = await system.start(way.settings);
  try {
    await throughput([server], sink, way.list, WARM_UP);
    return (await throughput([server], sink, way.list, posts)).recipientsPerSecond;
  } finally {
    await server.end('SIGTERM');
    await sink.offerVerp(false);
  }
}

/** Transactions per second of a program that does nothing but send. */
async function rawRate(program: string, sink: Sink, messages: number): Promise<number> {
  await sink.reset();
  const start = performance.now();
  const count = ['-d', '-s', String(SESSIONS), '-m', String(messages), '-l', '4000'];
  const addresses = ['-f', 'thousand-bounces@example.com', '-t', 'member@example.org'];
  const child = spawn(program, [...count, ...addresses, `127.0.0.1:${sink.port}`], { stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  const seconds = (performance.now() - start) / 1000;
  const { transactions } = await sink.report();
  if (status !== 0 || transactions !== messages)
    throw new Error(`smtp-source ended with ${status} after ${transactions} of ${messages} messages`);
  return transactions / seconds;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
