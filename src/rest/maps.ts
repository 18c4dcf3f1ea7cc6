import { writeMaps } from '../mta/maps/index.ts';
import type { Call } from './route.ts';

/** Tells the mail server, when the change is committed, about lists that came or went. */
export function refreshMapsAfter({ step, afterwards }: Call): void {
  const { config, database, clock } = step;
  afterwards(() => writeMaps(config, database.connection, clock.now()));
}
