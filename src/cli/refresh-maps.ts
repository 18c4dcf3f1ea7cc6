import type { Database } from '../database/handle.ts';
import { utcNow } from '../model/time.ts';
import { writeMaps } from '../mta/maps/index.ts';
import { PostmapError } from '../mta/maps/postfix.ts';
import type { CliContext } from './context.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/** @throws what is not of the operating system */
function systemReason(error: unknown): string {
  if (!isSystemError(error)) throw error;
  return `${error.path ?? 'a file'}: ${systemErrorText(error)}`;
}

/** Tells the mail server about lists that came or went. The lists are there in any case: a failure is only reported. */
export async function refreshMaps(context: CliContext, { connection }: Database): Promise<void> {
  try {
    await writeMaps(context.config(), connection, utcNow());
  } catch (error) {
    const reason = error instanceof PostmapError ? error.message : systemReason(error);
    context.warn(
      `The mail server's maps are as they were (${reason}); run "mailman aliases" when that is mended.`,
    );
  }
}
