import { writeMaps } from '../mta/maps/index.ts';
import { PostmapError } from '../mta/maps/postfix.ts';
import type { Call } from './route.ts';

/** Tells the mail server, when the change is committed, about lists that came or went. A failure is only logged. */
export function refreshMapsAfter({ step, afterwards }: Call): void {
  afterwards(async () => {
    const { config, database, clock, log } = step;
    try {
      await writeMaps(config, database.connection, clock.now());
    } catch (error) {
      if (!(error instanceof PostmapError)) throw error;
      log('error', `The mail server's maps are as they were: ${error.message}`);
    }
  });
}
