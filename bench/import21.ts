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
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Usage } from './support/child.ts';
import { importIntoServers } from './support/database-servers.ts';
import { type Figure, judge, type Target, table } from './support/figures.ts';
import { addMembers, compareCommand, importCrowd, listCrowd, writeCrowd } from './support/import-steps.ts';
import { type Installation, installFerryman, installMailman3, MAILMAN3 } from './support/installation.ts';

const RESULTS = new URL('./results/import21.json', import.meta.url);

const MEMORY_LIMIT: Target = { kind: 'below', bytes: 200e6 };
const DATABASE_LIMIT: Target = { kind: 'timesAsLong', atMost: 3 };
const COMMANDS = ['version', 'lists', 'info'];

/** A full run, and one that is over soon; its lists are too short for the targets. */
const FULL = { imports: [1_000, 5_000, 20_000], added: 10_000, growth: 100_000, runs: 5, commandRuns: 9 };
const QUICK = { imports: [1_000], added: 500, growth: undefined, runs: 3, commandRuns: 5 };

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    ours: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});

if (!options.ours && !existsSync(MAILMAN3)) {
  process.stderr.write(
    'There is no Mailman 3 here. Install the Debian package mailman3, or measure without it: --ours\n',
  );
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'ferryman-bench-'));
try {
  const date = new Date().toISOString().slice(0, 10);
  const load = loadavg()[0] ?? 0;
  const ferryman = installFerryman(join(folder, 'ferryman'));
  const mailman3 = options.ours ? undefined : installMailman3(join(folder, 'mailman3'));
  const figures = (await run(ferryman, mailman3, options.quick ? QUICK : FULL)).map(judge);
  const machine = {
    ...{ system: `${type()} ${arch()}`, processors: cpus().length, processor: cpus()[0]?.model },
    ...{ memoryBytes: totalmem(), node: process.version, loadAtStart: load },
    mailman3: mailman3?.run('version').stdout.trim(),
  };
  const results = { date, machine, quick: options.quick, figures };
  const json = `${JSON.stringify(results, null, 2)}\n`;
  process.stdout.write(options.json ? json : table(figures));
  if (options.save) {
    mkdirSync(new URL('.', RESULTS), { recursive: true });
    writeFileSync(RESULTS, json);
  }
  if (figures.some(({ met }) => met === false)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(
  ferryman: Installation,
  mailman3: Installation | undefined,
  plan: typeof FULL | typeof QUICK,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const add = (what: string, ours: Usage, peer: Usage | undefined, target: Target | undefined) => {
    const against = peer && { name: 'Mailman 3', value: peer.seconds };
    figures.push({ what, unit: 'seconds', ours: ours.seconds, against, target });
  };
  const addPeak = (what: string, ours: Usage, peer: Usage | undefined) => {
    const against = peer && { name: 'Mailman 3', value: peer.peakBytes };
    figures.push({ what, unit: 'bytes', ours: ours.peakBytes, against, target: MEMORY_LIMIT });
  };
  const faster = (atLeast: number): Target | undefined =>
    mailman3 && !options.quick ? { kind: 'timesFaster', atLeast } : undefined;

  const added = addMembers(ferryman, folder, plan.added, plan.runs);
  const peerAdded = mailman3 && addMembers(mailman3, folder, plan.added, 1);

  const largest = plan.imports.at(-1) ?? 0;
  let imported: Usage | undefined;
  for (const size of plan.imports) {
    imported = importCrowd(ferryman, folder, size, plan.runs);
    const peer = mailman3 && importCrowd(mailman3, folder, size, 1);
    add(`import21 of ${size}`, imported, peer, size === 20_000 ? faster(100) : undefined);
    if (size === largest) addPeak(`  its peak memory`, imported, peer);
  }
  const listed = listCrowd(ferryman, largest, plan.runs);
  add(`members of ${largest}`, listed, mailman3 && listCrowd(mailman3, largest, 1), faster(100));
  add(`addmembers of ${plan.added}`, added, peerAdded, faster(50));
  for (const command of COMMANDS) {
    const { ours, peer } = compareCommand(ferryman, mailman3, command, plan.commandRuns);
    add(command, ours, peer, mailman3 && { kind: 'timesFaster', atLeast: 4 });
  }

  const file = writeCrowd(folder, largest);
  const sqlite = imported?.seconds ?? 0;
  for (const [name, { seconds }] of await importIntoServers(
    join(folder, 'server'),
    file,
    largest,
    plan.runs,
  )) {
    const target = options.quick ? undefined : DATABASE_LIMIT;
    const against = { name: 'SQLite', value: sqlite };
    figures.push({
      what: `import21 of ${largest}, ${name}`,
      unit: 'seconds',
      ours: seconds,
      against,
      target,
    });
  }
  if (plan.growth) {
    const grown = importCrowd(ferryman, folder, plan.growth, 3);
    figures.push({
      what: `import21 of ${plan.growth}`,
      unit: 'seconds',
      ours: grown.seconds,
      against: { name: `ours of ${largest}`, value: sqlite },
      target: { kind: 'timesAsLong', atMost: 6 },
    });
    addPeak(`  its peak memory`, grown, undefined);
  }
  return figures;
}
