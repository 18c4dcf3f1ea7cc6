import { utcNow } from '../../src/model/time.ts';
import { writeMaps } from '../../src/mta/maps/index.ts';
import { getopt } from './getopt.ts';
import type { LegacyTool } from './tool.ts';

/** Mailman 2.1's exit status where MTA is None. */
const NO_MAIL_SERVER = 2;

/** `genaliases`: writes the maps of the mail server, which take the place of Mailman 2.1's aliases. */
export const tool: LegacyTool = {
  usage: ['Usage: genaliases [-q]', '', '  -q, --quiet  say less (nothing is said in any case)'],
  run: async (argv, context) => {
    getopt(argv, ['q/quiet']);
    const config = context.config();
    if (config.mta.incoming === 'null') {
      for (const line of tool.usage) context.warn(line);
      context.warn('');
      context.warn('[mta] incoming names no mail server whose maps could be written');
      return NO_MAIL_SERVER;
    }
    await context.withDatabase(({ connection }) =>
      writeMaps(config, connection, utcNow(), { isWhole: true }),
    );
    return 0;
  },
};
