import { FerrymanError } from '../../src/errors.ts';
import type { Notes } from '../import21/report.ts';

/** What cannot be read is noted, for a person to look at; what is around it can go on. */
export function attempt<T>(notes: Notes, subject: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    notes.needsPerson(subject, error.message);
    return undefined;
  }
}
