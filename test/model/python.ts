import { execFileSync, spawnSync } from 'node:child_process';
import { it } from 'vitest';

const PYTHON = '/usr/bin/python3';

/** Python is what the numbers and patterns of a Mailman site were made by. */
const isInstalled = spawnSync(PYTHON, ['--version']).status === 0;

/** Runs Python with JSON in and out. */
export function askPython<T>(args: readonly string[], input: unknown): T {
  const output = execFileSync(PYTHON, args, {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  return JSON.parse(output) as T;
}

/** A test that compares with Python: where it is missing, it is skipped by name, and fails under CI. */
export function itAgreesWithPython(title: string, test: () => void): void {
  if (isInstalled || process.env.CI === 'true') it(title, test);
  else it.skip(`${title}: ${PYTHON} is not installed`, test);
}
