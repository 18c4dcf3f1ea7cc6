/**
 * Measures moving a whole site of Mailman 2.1 (5,000 lists with 200,000 memberships of 20,000 people), against Debian's mailman3
 * with SQLite, which takes one list after the other, on the same machine in the same run.
 *
 *     npm run bench:migrate -- [--quick] [--ours] [--json] [--save]
 *
 * - `--quick`: 200 lists (a minute)
 * - `--ours`: without Mailman 3; its columns stay empty
 * - `--json`: the figures as JSON instead of a table
 * - `--save`: keeps them in bench/results/migrate.json as well
 *
 * Times are those of whole processes, from a built `dist`. Mailman 3 imports 20 of the lists (quick: 4), with `create` and
 * `import21` for each; its time for all of them is that, times their number. Needs the Debian packages mailman3 and python3.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchFolder, benchOptions, report, requireMailman3 } from './support/bench-run.ts';
import type { Usage } from './support/child.ts';
import type { Figure, Target } from './support/figures.ts';
import { announce } from './support/import-steps.ts';
import { installFerryman, installMailman3 } from './support/installation.ts';
import { MEMBERS, writeSite } from './support/many-lists.ts';

const MEMORY_LIMIT: Target = { kind: 'below', limit: 300e6 };
const FULL = { lists: 5_000, ofPeer: 20 };
const QUICK = { lists: 200, ofPeer: 4 };
const COMMANDS = ['inspect', 'run', 'verify'] as const;

const { values: options } = parseArgs({ options: benchOptions });
const plan = options.quick ? QUICK : FULL;

requireMailman3(options);
const folder = benchFolder('migrate');
await report('migrate', options, async () => {
  const site = join(folder, 'site');
  const names = writeSite(site, plan.lists);
  const seconds = options.ours ? undefined : timeOfPeer(site, names.slice(0, plan.ofPeer));
  const ferryman = installFerryman(join(folder, 'ferryman'));
  const figures = COMMANDS.flatMap((command) => {
    announce(`Ferryman: migrate ${command} of ${plan.lists} lists`);
    const usage = ferryman.run('migrate', command, site);
    return [time(command, usage, command === 'run' ? seconds : undefined), memory(usage)];
  });
  const members = ferryman.countMembers();
  const expected = plan.lists * MEMBERS;
  if (members !== expected) throw new Error(`${members} members of ${expected} came over; no comparison`);
  return { figures };
});

/** For all lists, by some of them. */
function timeOfPeer(site: string, names: readonly string[]): number {
  const mailman3 = installMailman3(join(folder, 'mailman3'));
  let seconds = 0;
  for (const name of names) {
    announce(`${mailman3.name}: import21 of ${name}`);
    const address = `${name}@lists.example.com`;
    seconds += mailman3.run('create', '-d', address).seconds;
    seconds += mailman3.run('import21', address, join(site, 'lists', name, 'config.pck')).seconds;
  }
  return (seconds / names.length) * plan.lists;
}

function time(command: string, usage: Usage, peer: number | undefined): Figure {
  return {
    ...{ what: `migrate ${command} of ${plan.lists} lists`, unit: 'seconds', ours: usage.seconds },
    against: peer === undefined ? undefined : { name: `Mailman 3, by ${plan.ofPeer} lists`, value: peer },
    target: peer === undefined ? undefined : { kind: 'timesFaster', atLeast: 20 },
  };
}

function memory(usage: Usage): Figure {
  const measured = { what: '  its peak memory', unit: 'bytes', ours: usage.peakBytes } as const;
  return { ...measured, against: undefined, target: MEMORY_LIMIT };
}
