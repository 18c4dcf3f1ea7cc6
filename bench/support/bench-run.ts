import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { type Figure, judge, table } from './figures.ts';
import { MAILMAN3 } from './installation.ts';

/** What all measurements take, for `parseArgs`. */
export const benchOptions = {
  quick: { type: 'boolean', default: false },
  ours: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  save: { type: 'boolean', default: false },
} as const;

const RESULTS = new URL('../results/', import.meta.url);

/** Ends the process where Mailman 3 is to be measured against and is not here. */
export function requireMailman3({ ours }: { readonly ours: boolean }): void {
  if (ours || existsSync(MAILMAN3)) return;
  process.stderr.write(
    'There is no Mailman 3 here. Install the Debian package mailman3, or measure without it: --ours\n',
  );
  process.exit(1);
}

/** A folder that goes away with the process. */
export function benchFolder(name: string): string {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const folder = mkdtempSync(join(tmpdir(), `ferryman-bench-${name}-`));
  // Mailman 3 has an account of its own.
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Measures, and prints the figures with their targets, reached or missed; the exit status is 1 where one is missed.
 * @param name of the file in `results` that `--save` writes
 * @param measure gives the figures, and what else is known of the machine
 */
export async function report(
  name: string,
  { quick, json, save }: { readonly quick: boolean; readonly json: boolean; readonly save: boolean },
  measure: () => Promise<{ readonly figures: readonly Figure[]; readonly machine?: object }>,
): Promise<void> {
  const loadAtStart = loadavg()[0] ?? 0;
  const measured = await measure();
  const figures = measured.figures.map(judge);
  const machine = {
    ...{ system: `${type()} ${arch()}`, processors: cpus().length, processor: cpus()[0]?.model },
    ...{ memoryBytes: totalmem(), node: process.version, loadAtStart },
    ...measured.machine,
  };
  const text = `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), machine, quick, figures }, null, 2)}\n`;
  process.stdout.write(json ? text : table(figures));
  if (save) {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(new URL(`${name}.json`, RESULTS), text);
  }
  if (figures.some(({ met }) => met === false)) process.exitCode = 1;
}
