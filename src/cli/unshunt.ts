import { UsageError } from '../errors.ts';
import { utcNow } from '../model/time.ts';
import { discardShunted, unshunt as putBack, shuntedEntries } from '../queue/shunt.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly discard?: boolean;
  readonly json?: boolean;
}

/** `mailman unshunt` */
export const unshunt: CliCommand = {
  define: (command, context) => {
    command
      .description('Put shunted messages back into the queues where they broke.')
      .argument('[ENTRY...]', 'Only these messages; without any, all.')
      .option('-d, --discard', 'Throw them away instead.')
      .option('--json', 'Show what was done as JSON.')
      .action(async (ids: readonly string[], { discard, json }: Options) => {
        const done: string[] = [];
        await context.withDatabase(async (database) => {
          const entries = await shuntedEntries(database.connection, ids.length > 0 ? ids : undefined);
          const missing = ids.find((id) => !entries.some(({ entry_id }) => entry_id === id));
          if (missing !== undefined) throw new UsageError(`No such shunted message: ${missing}`);
          for (const entry of entries) {
            try {
              // Each for itself: one that cannot be moved keeps none of the others.
              const moved = await database.transaction((connection) =>
                discard ? discardShunted(connection, entry) : putBack(connection, { now: utcNow }, entry),
              );
              if (moved) done.push(entry.entry_id);
            } catch (error) {
              context.warn(`Cannot unshunt message ${entry.entry_id}, skipping:`);
              context.warn((error as Error).message);
              context.setExitStatus(1);
            }
          }
        });
        if (json) context.printJson({ [discard ? 'discarded' : 'unshunted']: done });
      });
  },
};
