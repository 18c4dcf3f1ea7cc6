import { type ChildProcess, spawn } from 'node:child_process';
import type { Outcome } from './mailman.ts';

/** A command that runs while the test goes on. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Its exit status is null where it was killed. */
  readonly ended: Promise<Outcome>;
}

/** Starts a program that reads `input`. */
export function beginCommand(program: string, argv: readonly string[], input = ''): RunningCommand {
  const child = spawn(program, argv, { stdio: 'pipe' });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  // It may end without reading.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, ...said }));
  });
  return { child, ended };
}
