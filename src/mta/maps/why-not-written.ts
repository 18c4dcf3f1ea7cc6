import { reasonOf } from '../../config/reasons.ts';
import { FerrymanError } from '../../errors.ts';

/** Why maps were not written, for people. @throws what says nothing about files or `postmap` */
export function whyNotWritten(error: unknown): string {
  if (error instanceof FerrymanError) return error.message;
  if (!(error instanceof Error && 'code' in error)) throw error;
  const reason = reasonOf(error);
  return 'path' in error ? `${error.path}: ${reason}` : reason;
}
