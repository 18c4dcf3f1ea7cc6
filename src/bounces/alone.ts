import { inSavepoint } from '../database/savepoint.ts';
import { isPassing } from '../queue/errors.ts';
import { SuspendedStep } from '../queue/outside.ts';
import type { Step } from '../queue/step.ts';

/**
 * Does one of many things of a step so that it alone is undone, and logged, when it fails. What is only out of reach for
 * now fails the whole step, which is tried again.
 * @param what it was about, for the log
 * @returns whether it was done
 */
export async function alone(step: Step, what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await inSavepoint(step.connection, work);
    return true;
  } catch (error) {
    if (error instanceof SuspendedStep || isPassing(error)) throw error;
    step.log('error', `${what}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
