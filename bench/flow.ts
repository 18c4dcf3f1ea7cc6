/**
 * Measures mail on its way through a running server, against Debian's mailman3 on the same machine in the same run: from
 * LMTP through the flow to a mail server that counts.
 *
 *     npm run bench:flow -- [--quick] [--ours] [--json] [--save]
 *
 * - `--quick`: fewer posts, no list of 100,000, no PostgreSQL
 * - `--ours`: without Mailman 3; its columns stay empty
 * - `--json`: the figures as JSON instead of a table
 * - `--save`: keeps them in bench/results/flow.json as well
 * - `--program FOLDER`: where `bin` and `dist` are; this folder otherwise
 *
 * Each of both runs as it does for good: Ferryman with full durability, Mailman 3 with all its processes. They take turns,
 * so that a busy moment of the machine hits both. Servers, load and counting mail server share the processors. Needs the
 * Debian packages mailman3 and postgresql; everything happens in a temporary folder, which goes away.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ferrymanSystem } from './support/ferryman-system.ts';
import { judge, table } from './support/figures.ts';
import { compareDatabases } from './support/flow-databases.ts';
import { measureGrowth } from './support/flow-growth.ts';
import { compareSystems } from './support/flow-systems.ts';
import { MAILMAN3 } from './support/installation.ts';
import { mailman3System } from './support/mailman3-system.ts';
import { startSink } from './support/sink.ts';

const RESULTS = new URL('./results/flow.json', import.meta.url);

/** How many posts for each figure, and for how many seconds to flood. Mailman 3 gets fewer: it is slow, and its rates do not depend on how many. */
const FULL = {
  flood: 15,
  idle: [40, 15],
  toTen: [3000, 150],
  interrupted: [500, 150],
  large: [10, 2],
} as const;
const QUICK = { flood: 5, idle: [20, 5], toTen: [1000, 60], interrupted: [500, 60], large: [3, 2] } as const;

export type Plan = typeof FULL | typeof QUICK;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    ours: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    program: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
  },
});

if (!options.ours && !existsSync(MAILMAN3)) {
  process.stderr.write(
    'There is no Mailman 3 here. Install the Debian package mailman3, or measure without it: --ours\n',
  );
  process.exit(1);
}

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
const folder = mkdtempSync(join(tmpdir(), 'ferryman-flow-'));
// Mailman 3 has an account of its own.
chmodSync(folder, 0o755);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const sink = await startSink();
try {
  const machine = {
    ...{ system: `${type()} ${arch()}`, processors: cpus().length, processor: cpus()[0]?.model },
    ...{ memoryBytes: totalmem(), node: process.version, loadAtStart: loadavg()[0] },
  };
  const { program, quick } = options;
  const place = { program, folder, sink };
  const ferryman = await ferrymanSystem({ program, folder: join(folder, 'ferryman'), sinkPort: sink.port });
  const mailman3 = options.ours ? undefined : await mailman3System(join(folder, 'mailman3'), sink.port);
  const measured = await compareSystems(ferryman, mailman3, sink, quick ? QUICK : FULL);
  if (!quick) measured.push(...(await measureGrowth(place)), ...(await compareDatabases(place)));
  const figures = measured.map(judge);
  const results = { date: new Date().toISOString().slice(0, 10), machine, quick, figures };
  const json = `${JSON.stringify(results, null, 2)}\n`;
  process.stdout.write(options.json ? json : table(figures));
  if (options.save) {
    mkdirSync(new URL('.', RESULTS), { recursive: true });
    writeFileSync(RESULTS, json);
  }
  if (figures.some(({ met }) => met === false)) process.exitCode = 1;
} finally {
  sink.stop();
}
