/**
 * Feeds everything that reads what comes from outside with generated and changed inputs, and looks for crashes, hangs,
 * memory, and promises that do not hold.
 *
 *     node bench/fuzz.ts [--count N] [--minutes N] [--seed WORD] [--workers N] [--target NAME]... [--folder FOLDER]
 *     node bench/fuzz.ts --seed WORD --target NAME --number N     reads one input again
 *
 * Without `--count` and `--minutes` it goes on until it is interrupted. All targets get the same time. An input of a seed,
 * target and number is always the same one. Inputs that failed are kept in the folder (var/fuzz). Exit status 1
 * where there are any.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { attempt, inputOf } from './fuzz/attempt.ts';
import { Campaign } from './fuzz/campaign.ts';
import { targets as all } from './fuzz/targets/index.ts';

const REPORT_MS = 60_000;

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: 'Infinity' },
    minutes: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: 'ferryman' },
    workers: { type: 'string', default: String(cpus().length) },
    target: { type: 'string', multiple: true, default: [] },
    number: { type: 'string' },
    folder: { type: 'string', default: 'var/fuzz' },
  },
});

const { seed } = options;
const targets = all.filter(({ name }) => options.target.length === 0 || options.target.includes(name));
if (targets.length === 0)
  throw new Error(`No such target; there are ${all.map(({ name }) => name).join(', ')}`);

if (options.number === undefined) await runCampaign();
else await readAgain(Number(options.number));

async function runCampaign(): Promise<void> {
  const started = performance.now();
  const end = started + Number(options.minutes) * 60_000;
  let isInterrupted = false;
  process.once('SIGINT', () => {
    isInterrupted = true;
  });
  process.once('SIGTERM', () => {
    isInterrupted = true;
  });
  const campaign = new Campaign({
    targets,
    seed,
    workers: Number(options.workers),
    folder: options.folder,
    goesOn: ({ count }) => !isInterrupted && count < Number(options.count) && performance.now() < end,
  });
  const timer = setInterval(() => {
    process.stderr.write(`${campaign.count} inputs, ${campaign.findings.size} kinds of findings\n`);
  }, REPORT_MS);
  await campaign.run();
  clearInterval(timer);
  report(campaign, (performance.now() - started) / 1000);
  process.exitCode = campaign.findings.size > 0 ? 1 : 0;
}

function report({ totals, findings, count, memory }: Campaign, seconds: number): void {
  const rows = [...totals].map(([name, { count: tried, octets, worstMs, worstNumber, failures }]) =>
    [
      name.padEnd(16),
      String(tried).padStart(10),
      (octets / Math.max(tried, 1)).toFixed(0).padStart(10),
      worstMs.toFixed(1).padStart(10),
      String(worstNumber).padStart(14),
      String(failures).padStart(8),
    ].join(' '),
  );
  const heading = [
    'target'.padEnd(16),
    '    inputs',
    '  octets/1',
    '  worst ms',
    '      input no',
    'failures',
  ].join(' ');
  const found = [...findings].map(
    ([key, [first]]) => `${key}\n    ${first?.times} times, first number ${first?.number}: ${first?.file}`,
  );
  process.stdout.write(
    `${[heading, ...rows].join('\n')}\n\n${count} inputs in ${seconds.toFixed(0)} s with seed ${seed}; ` +
      `the most memory of a process: ${(memory / 1e6).toFixed(0)} MB\n` +
      `${found.length} kinds of findings\n${found.map((line) => `  ${line}\n`).join('')}`,
  );
}

async function readAgain(number: number): Promise<void> {
  for (const target of targets) {
    const input = inputOf(target, seed, number);
    const { milliseconds, failure } = await attempt(target, input);
    process.stdout.write(
      `${target.name} ${number}: ${input.length} octets, ${milliseconds.toFixed(1)} ms, ${failure ?? 'read'}\n` +
        `${JSON.stringify(input.toString('latin1', 0, 2000))}\n`,
    );
    await target.close?.();
  }
}
