import { resolve } from 'node:path';
import type { Site } from '../../migrate/site/site.ts';
import type { Verified } from '../../migrate/verify/verify-list.ts';
import type { Config } from '../../src/config/index.ts';
import { findCutover, noteVerification } from '../../src/database/cutover.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import type { UtcTime } from '../../src/model/time.ts';

/**
 * Remembers what came of comparing a list with the Mailman 2 that runs beside this server: the next steps ask for it. Once
 * members were handed over both sides differ on purpose, and nothing is noted.
 */
export async function noteVerified(
  connection: Connection,
  { cutover: { mailman2_var_dir } }: Config,
  site: Site,
  { list: address, differences }: Verified,
  now: UtcTime,
): Promise<void> {
  if (mailman2_var_dir === '' || resolve(mailman2_var_dir) !== site.path || address === null) return;
  const list = await findList(connection, address);
  const cutover = list && (await findCutover(connection, list.listId));
  if (cutover?.stage !== 'legacy' && cutover?.stage !== 'observe') return;
  await noteVerification(connection, cutover.listId, { at: now, differences: differences.length });
}
