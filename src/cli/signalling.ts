import { readFileSync, rmSync } from 'node:fs';
import { isAlive } from '../server/process-identity.ts';
import type { CliContext } from './context.ts';
import { isSystemError } from './system-error.ts';

/** The numbers and texts that Python gives these errors, as scripts may look for them. */
const PYTHON_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: '[Errno 2] No such file or directory',
  ESRCH: '[Errno 3] No such process',
  EACCES: '[Errno 13] Permission denied',
  EPERM: '[Errno 1] Operation not permitted',
};

/**
 * Sends a signal to the running server; says so where there is none, and removes a pid file whose process is gone.
 * @returns the process number, undefined where nobody got the signal
 */
export function signalMaster(context: CliContext, signal: NodeJS.Signals): number | undefined {
  const { pid_file } = context.settings().paths;
  const pid = readPid(context, pid_file);
  if (pid === undefined) return undefined;
  try {
    process.kill(pid, signal);
    if (isAlive(pid)) return pid;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ESRCH') throw error;
  }
  context.warn(`No child with pid: ${pid}`);
  context.warn(PYTHON_ERRORS.ESRCH ?? '');
  context.warn('Stale pid file removed.');
  rmSync(pid_file, { force: true });
  return undefined;
}

function readPid(context: CliContext, pidFile: string): number | undefined {
  let reason = `invalid literal for int(): ${pidFile}`;
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').trim());
    if (Number.isSafeInteger(pid) && pid > 1) return pid;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    reason = `${PYTHON_ERRORS[error.code ?? ''] ?? error.message}: '${pidFile}'`;
  }
  context.warn(`PID unreadable in: ${pidFile}`);
  context.warn(reason);
  context.warn('Is the master even running?');
  return undefined;
}
