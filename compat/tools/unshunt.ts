import { utcNow } from '../../src/model/time.ts';
import { shuntedEntries, unshunt } from '../../src/queue/shunt.ts';
import { getopt } from './getopt.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

/** `unshunt` */
export const tool: LegacyTool = {
  usage: ['Usage: unshunt', '', 'Puts all shunted messages back into the queues where they broke.'],
  run: async (argv, context) => {
    const { rest } = getopt(argv, []);
    if (rest.length > 1) throw new ToolUsageError(`Bad arguments: ${rest.join(' ')}`);
    const [folder] = rest;
    if (folder !== undefined)
      throw new ToolError(
        `Queues are no folders here; "mailman migrate run --queues" takes over what is in those of Mailman 2.1, such as ${folder}`,
      );
    await context.withDatabase(async (database) => {
      for (const entry of await shuntedEntries(database.connection)) {
        try {
          await database.transaction((connection) => unshunt(connection, { now: utcNow }, entry));
        } catch (error) {
          context.warn(`Cannot unshunt message ${entry.entry_id}, skipping:\n${(error as Error).message}`);
        }
      }
    });
    return 0;
  },
};
