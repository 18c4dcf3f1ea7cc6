import { countEntries } from '../database/queue-entries.ts';
import { queueNames } from '../queue/queues.ts';
import type { CliCommand } from './command.ts';

/** `mailman queues` */
export const queues: CliCommand = {
  define: (command, context) => {
    command
      .description('Show how many messages each queue holds.')
      .option('--json', 'Show it as JSON: counts by queue.')
      .action(async ({ json }: { readonly json?: boolean }) => {
        const counts = await context.withDatabase(({ connection }) => countEntries(connection));
        if (json) {
          context.printJson(Object.fromEntries(queueNames.map((queue) => [queue, counts.get(queue) ?? 0])));
        } else {
          const width = Math.max(...queueNames.map(({ length }) => length));
          for (const queue of queueNames) context.print(`${queue.padEnd(width)}  ${counts.get(queue) ?? 0}`);
        }
      });
  },
};
