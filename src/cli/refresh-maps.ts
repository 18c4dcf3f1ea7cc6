import type { Database } from '../database/handle.ts';
import { utcNow } from '../model/time.ts';
import { writeMaps } from '../mta/maps/index.ts';
import { whyNotWritten } from '../mta/maps/why-not-written.ts';
import type { CliContext } from './context.ts';

/** Tells the mail server about lists that came or went. The lists are there in any case: a failure is only reported. */
export async function refreshMaps(context: CliContext, { connection }: Database): Promise<void> {
  try {
    await writeMaps(context.config(), connection, utcNow());
  } catch (error) {
    context.warn(
      `The mail server's maps are as they were (${whyNotWritten(error)}); run "mailman aliases" when that is mended.`,
    );
  }
}
