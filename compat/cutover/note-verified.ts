import type { Site } from '../../migrate/site/site.ts';
import type { Verified } from '../../migrate/verify/verify-list.ts';
import type { Config } from '../../src/config/index.ts';
import { findCutover, noteVerification } from '../../src/database/cutover.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import type { UtcTime } from '../../src/model/time.ts';
import { runsBeside } from './note-list.ts';

/**
 * Remembers what came of comparing a list with the Mailman 2 that runs beside this server: the next steps ask for it. Once
 * members were handed over both sides differ on purpose, and nothing is noted.
 */
export async function noteVerified(
  connection: Connection,
  config: Config,
  site: Site,
  { list: address, differences }: Verified,
  now: UtcTime,
): Promise<void> {
  if (address === null || !runsBeside(config, site)) return;
  const list = await findList(connection, address);
  const cutover = list && (await findCutover(connection, list.listId));
  if (cutover?.stage !== 'legacy' && cutover?.stage !== 'observe') return;
  await noteVerification(connection, cutover.listId, { at: now, differences: differences.length });
}
