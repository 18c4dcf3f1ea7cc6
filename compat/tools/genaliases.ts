import { utcNow } from '../../src/model/time.ts';
import { writeMaps } from '../../src/mta/maps/index.ts';
import { getopt } from './getopt.ts';
import type { LegacyTool } from './tool.ts';

/** `genaliases`: writes the maps of the mail server, which take the place of Mailman 2.1's aliases. */
export const tool: LegacyTool = {
  usage: ['Usage: genaliases [-q]', '', '  -q, --quiet  say less (nothing is said in any case)'],
  run: async (argv, context) => {
    getopt(argv, ['q/quiet']);
    const config = context.config();
    await context.withDatabase(({ connection }) => writeMaps(config, connection, utcNow()));
    return 0;
  },
};
