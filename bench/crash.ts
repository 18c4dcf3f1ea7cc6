/**
 * Kills a server with posts under way, again and again, and counts what was lost and what came twice; then lets it stop
 * in order, again and again.
 *
 *     node bench/crash.ts [--program FOLDER] [--posts N] [--members N] [--kills N] [--stops N] [--seed WORD] [--json]
 *
 * - `--program`: where `bin` and `dist` are; this folder otherwise
 *
 * The server is a process as administrators have it, once with SQLite and once with PostgreSQL (left out where it is not
 * installed). The mail server that it delivers to knows which transactions nobody may have taken note of when a connection
 * broke: only their copies may come again. Exit status 1 where anything else was lost, repeated or left in a queue, or
 * where deliveries go on later than 2 s after a restart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { postgresqlServer, startPostgresql } from '../test/peers/postgresql.ts';
import { MissingPeerError } from '../test/peers/throwaway.ts';
import { type CrashReport, crashAgainAndAgain } from './crash/scenario.ts';
import { Random } from './fuzz/random.ts';

const { values: options } = parseArgs({
  options: {
    program: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
    posts: { type: 'string', default: '500' },
    members: { type: 'string', default: '100' },
    kills: { type: 'string', default: '10' },
    stops: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now()) },
    json: { type: 'boolean', default: false },
  },
});

/** Deliveries must go on within so many milliseconds of a restart. */
const RESTART_LIMIT = 2000;

const random = new Random(options.seed);
const folder = mkdtempSync(join(tmpdir(), 'ferryman-crash-'));
const reports = new Map<string, CrashReport>();
try {
  await runOn('SQLite', () => undefined);
  try {
    const started = await startPostgresql();
    const server = postgresqlServer(started.address);
    let databases = 0;
    try {
      await runOn('PostgreSQL', async () => {
        const name = `crash_${databases++}`;
        await server.createDatabase(name);
        return server.url(name);
      });
    } finally {
      await started.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingPeerError)) throw error;
    process.stderr.write(`PostgreSQL is left out: ${error.message}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(
  options.json ? `${JSON.stringify(Object.fromEntries(reports), null, 2)}\n` : table(reports, options.seed),
);
process.exitCode = [...reports.values()].every(isGood) ? 0 : 1;

async function runOn(name: string, url: () => Promise<string> | undefined): Promise<void> {
  const runs = [
    ['killed', 'SIGKILL', Number(options.kills), ['max_recipients: 10']],
    ['killed, VERP', 'SIGKILL', Number(options.kills), ['verp_delivery_interval: 1']],
    ['stopped', 'SIGTERM', Number(options.stops), ['max_recipients: 10']],
  ] as const;
  for (const [how, signal, ends, settings] of runs) {
    process.stderr.write(`${name}, ${how} ${ends} times\n`);
    const databaseUrl = await url();
    reports.set(
      `${name}, ${how}`,
      await crashAgainAndAgain({
        program: options.program,
        folder: join(folder, `${name}-${reports.size}`),
        posts: Number(options.posts),
        members: Number(options.members),
        signal,
        ends,
        settings,
        moment: () => random.below(1000) / 1000,
        ...(databaseUrl ? { databaseUrl } : {}),
      }),
    );
  }
}

function isGood({ lost, damaged, strange, unexplained, stuck, firstDelivery }: CrashReport): boolean {
  return lost + damaged + strange + unexplained + stuck === 0 && Math.max(...firstDelivery) < RESTART_LIMIT;
}

function table(all: ReadonlyMap<string, CrashReport>, seed: string): string {
  const lines: readonly (readonly [string, (report: CrashReport) => string])[] = [
    ['ends under load', ({ ends }) => String(ends)],
    ['SMTP transactions in flight then', ({ inFlight }) => String(inFlight)],
    ['posts without an answer then', ({ unanswered }) => String(unanswered)],
    ['copies lost', ({ lost }) => String(lost)],
    ['messages damaged', ({ damaged }) => String(damaged)],
    ['copies of or for something else', ({ strange }) => String(strange)],
    ['copies repeated, in flight by SMTP', ({ repeated }) => String(repeated)],
    ['copies repeated, handed in again', ({ handedInAgain }) => String(handedInAgain)],
    ['copies repeated without reason', ({ unexplained }) => String(unexplained)],
    ['left in queues', ({ stuck }) => String(stuck)],
    ['restart to LMTP, ms (median, worst)', ({ ready }) => spread(ready)],
    ['restart to first delivery, ms', ({ firstDelivery }) => spread(firstDelivery)],
    ['until it was gone, ms', ({ stopped }) => spread(stopped)],
    ['', (report) => (isGood(report) ? 'good' : 'BAD')],
  ];
  const head = `${''.padEnd(36)}${[...all.keys()].map((name) => name.padStart(25)).join('')}`;
  const rows = lines.map(
    ([what, cell]) =>
      `${what.padEnd(36)}${[...all.values()].map((report) => cell(report).padStart(25)).join('')}`,
  );
  return `${options.posts} posts to ${options.members} members each, seed ${seed}\n${[head, ...rows].join('\n')}\n`;
}

function spread(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  return `${(sorted[sorted.length >> 1] ?? 0).toFixed(0)}, ${(sorted.at(-1) ?? 0).toFixed(0)}`;
}
