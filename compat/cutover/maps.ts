import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPostfixSettings } from '../../src/config/external.ts';
import { FerrymanError } from '../../src/errors.ts';
import { writeMaps } from '../../src/mta/maps/index.ts';
import { whyNotWritten } from '../../src/mta/maps/why-not-written.ts';
import type { Services } from '../../src/queue/step.ts';

const run = promisify(execFile);

/** Tables that Postfix reads once: it has to be told of a new one. Of the others it notices by itself. */
const READ_ONCE = new Set(['regex', 'pcre', 'texthash', 'cidr']);

/** What was decided holds, and Postfix does not know of it; the message says why, and what to do. */
export class StagesNotPublishedError extends FerrymanError {
  override name = 'StagesNotPublishedError';
}

/** Writes the maps, so that the next mail goes by the stages as they are now. @throws StagesNotPublishedError */
export async function publishStages({
  config,
  database,
  clock,
}: Pick<Services, 'config' | 'database' | 'clock'>) {
  try {
    await writeMaps(config, database.connection, clock.now());
  } catch (error) {
    throw new StagesNotPublishedError(
      `The maps of Postfix in ${config.paths.data_dir} cannot be written: ${whyNotWritten(error)}. Mail goes as before until they are; the server tries again every few seconds, and "mailman aliases" does it as well. "mailman cutover status" tells the stage that the list has already`,
    );
  }
  if (!READ_ONCE.has(readPostfixSettings(config).transport_file_type)) return;
  const [program = '', ...options] = config.cutover.postconf_command.split(/\s+/);
  await run(join(program, '..', 'postfix'), [...options, 'reload']);
}
