import { readFileSync } from 'node:fs';
import { errorCode } from '../errors.ts';

/**
 * When a process began, in clock ticks of the machine, which tells it from a later one with the same number. Undefined
 * where there is no such process, or the system does not tell.
 */
export function processStart(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in parentheses, may hold blanks.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    // A zombie (Z) has ended already.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether a process lives, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return process.platform !== 'linux' || processStart(pid) !== undefined;
}
