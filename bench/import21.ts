/**
 * Measures moving a list from Mailman 2.1, and the commands used around it, against Debian's mailman3 with SQLite, on
 * the same machine in the same run.
 *
 *     npm run bench:import21 -- [--quick] [--ours] [--json] [--save]
 *
 * - `--quick`: lists of 1,000 only (half a minute); without it, Mailman 3 alone takes more than five minutes
 * - `--ours`: without Mailman 3; its columns stay empty
 * - `--json`: the figures as JSON instead of a table
 * - `--save`: keeps them in bench/results/import21.json as well
 *
 * Times are those of whole processes, from a built `dist`; the median where there are several runs. Needs the Debian
 * packages mailman3 and python3, and postgresql and mariadb-server for the comparison of databases. No service has to
 * run: everything happens in a temporary folder, which goes away.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchFolder, benchOptions, report, requireMailman3 } from './support/bench-run.ts';
import type { Usage } from './support/child.ts';
import { importIntoServers } from './support/database-servers.ts';
import type { Figure, Target } from './support/figures.ts';
import { addMembers, compareCommand, importCrowd, listCrowd, writeCrowd } from './support/import-steps.ts';
import { type Installation, installFerryman, installMailman3 } from './support/installation.ts';

const MEMORY_LIMIT: Target = { kind: 'below', limit: 200e6 };
const DATABASE_LIMIT: Target = { kind: 'timesAsLong', atMost: 3 };
const PEER = 'Mailman 3';
const COMMANDS = ['version', 'lists', 'info'];

/** A full run, and one that is over soon; its lists are too short for the targets. */
const FULL = { imports: [1_000, 5_000, 20_000], added: 10_000, growth: 100_000, runs: 5, commandRuns: 9 };
const QUICK = { imports: [1_000], added: 500, growth: undefined, runs: 3, commandRuns: 5 };

const { values: options } = parseArgs({ options: benchOptions });

requireMailman3(options);
const folder = benchFolder('import21');
await report('import21', options, async () => {
  const ferryman = installFerryman(join(folder, 'ferryman'));
  const mailman3 = options.ours ? undefined : installMailman3(join(folder, 'mailman3'));
  const figures = await run(ferryman, mailman3, options.quick ? QUICK : FULL);
  return { figures, machine: { mailman3: mailman3?.run('version').stdout.trim() } };
});

type Plan = typeof FULL | typeof QUICK;

async function run(ours: Installation, peer: Installation | undefined, plan: Plan): Promise<Figure[]> {
  return [...againstMailman3(ours, peer, plan), ...(await againstItself(ours, plan))];
}

function againstMailman3(ferryman: Installation, mailman3: Installation | undefined, plan: Plan): Figure[] {
  const faster = (atLeast: number): Target | undefined =>
    mailman3 && !options.quick ? { kind: 'timesFaster', atLeast } : undefined;
  const added = time(
    `addmembers of ${plan.added}`,
    addMembers(ferryman, folder, plan.added, plan.runs),
    mailman3 && { name: PEER, usage: addMembers(mailman3, folder, plan.added, 1) },
    faster(50),
  );
  const figures: Figure[] = [];
  const largest = largestOf(plan);
  for (const size of plan.imports) {
    const ours = importCrowd(ferryman, folder, size, plan.runs);
    const peer = mailman3 && { name: PEER, usage: importCrowd(mailman3, folder, size, 1) };
    figures.push(time(`import21 of ${size}`, ours, peer, size === 20_000 ? faster(100) : undefined));
    if (size === largest) figures.push(peakMemory(ours, peer));
  }
  const listed = listCrowd(ferryman, largest, plan.runs);
  const peerListed = mailman3 && { name: PEER, usage: listCrowd(mailman3, largest, 1) };
  figures.push(time(`members of ${largest}`, listed, peerListed, faster(100)), added);
  for (const command of COMMANDS) {
    const { ours, peer } = compareCommand(ferryman, mailman3, command, plan.commandRuns);
    const target: Target | undefined = peer && { kind: 'timesFaster', atLeast: 4 };
    figures.push(time(command, ours, peer && { name: PEER, usage: peer }, target));
  }
  return figures;
}

/** Other databases against SQLite, and a list five times as long. */
async function againstItself(ferryman: Installation, plan: Plan): Promise<Figure[]> {
  const figures: Figure[] = [];
  const size = largestOf(plan);
  // Measured again: the machine may have been busier minutes ago.
  const embedded = { name: `SQLite, ${size}`, usage: importCrowd(ferryman, folder, size, plan.runs) };
  const file = writeCrowd(folder, size);
  const target = options.quick ? undefined : DATABASE_LIMIT;
  const servers = await importIntoServers(join(folder, 'server'), file, size, plan.runs);
  for (const [name, usage] of servers)
    figures.push(elapsed(`import21 of ${size}, ${name}`, usage, embedded, target));
  if (plan.growth) {
    const grown = importCrowd(ferryman, folder, plan.growth, 3);
    const limit: Target = { kind: 'timesAsLong', atMost: 6 };
    figures.push(time(`import21 of ${plan.growth}`, grown, embedded, limit), peakMemory(grown, undefined));
  }
  return figures;
}

interface Other {
  readonly name: string;
  readonly usage: Usage;
}

function time(what: string, ours: Usage, other: Other | undefined, target: Target | undefined): Figure {
  const cpu = { ours: ours.cpuSeconds, against: other?.usage.cpuSeconds };
  return { ...elapsed(what, ours, other, target), cpu };
}

/** A time in which a database server works too, whose share of the processors is not known. */
function elapsed(what: string, ours: Usage, other: Other | undefined, target: Target | undefined): Figure {
  const against = other && { name: other.name, value: other.usage.seconds };
  return { what, unit: 'seconds', ours: ours.seconds, against, target };
}

function peakMemory(ours: Usage, other: Other | undefined): Figure {
  return {
    ...{ what: '  its peak memory', unit: 'bytes', ours: ours.peakBytes, target: MEMORY_LIMIT },
    against: other && { name: other.name, value: other.usage.peakBytes },
  };
}

function largestOf({ imports }: Plan): number {
  return Math.max(...imports);
}
