import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPostfixSettings } from '../../src/config/external.ts';
import type { Services } from '../../src/flow/step.ts';
import { writeMaps } from '../../src/mta/maps/index.ts';

const run = promisify(execFile);

/** Tables that Postfix reads once: it has to be told of a new one. Of the others it notices by itself. */
const READ_ONCE = new Set(['regex', 'pcre', 'texthash', 'cidr']);

/** Writes the maps, so that the next mail goes by the stages as they are now. @throws PostmapError */
export async function publishStages({
  config,
  database,
  clock,
}: Pick<Services, 'config' | 'database' | 'clock'>) {
  await writeMaps(config, database.connection, clock.now());
  if (!READ_ONCE.has(readPostfixSettings(config).transport_file_type)) return;
  const [program = '', ...options] = config.cutover.postconf_command.split(/\s+/);
  await run(join(program, '..', 'postfix'), [...options, 'reload']);
}
