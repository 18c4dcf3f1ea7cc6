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
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchFolder, benchOptions, report, requireMailman3 } from './support/bench-run.ts';
import { ferrymanSystem } from './support/ferryman-system.ts';
import type { Figure } from './support/figures.ts';
import { compareDatabases } from './support/flow-databases.ts';
import { measureGrowth } from './support/flow-growth.ts';
import { measureOwnRates } from './support/flow-own-rates.ts';
import { FULL, QUICK } from './support/flow-plan.ts';
import { compareSystems } from './support/flow-systems.ts';
import { mailman3System } from './support/mailman3-system.ts';
import { startSink } from './support/sink.ts';

const { values: options } = parseArgs({
  options: {
    ...benchOptions,
    program: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
  },
});

requireMailman3(options);
const folder = benchFolder('flow');

const sink = await startSink();
try {
  await report('flow', options, async () => ({ figures: await run() }));
} finally {
  sink.stop();
}

async function run(): Promise<Figure[]> {
  const { program, quick } = options;
  const place = { program, folder, sink };
  const ferryman = await ferrymanSystem({ program, folder: join(folder, 'ferryman'), sinkPort: sink.port });
  const mailman3 = options.ours ? undefined : await mailman3System(join(folder, 'mailman3'), sink.port);
  const measured = await compareSystems(ferryman, mailman3, sink, quick ? QUICK : FULL);
  measured.push(...(await measureOwnRates(ferryman, sink, quick ? 5 : 20)));
  if (!quick) measured.push(...(await measureGrowth(place)), ...(await compareDatabases(place, measured)));
  return measured;
}
