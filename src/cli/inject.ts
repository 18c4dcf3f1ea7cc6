import { UsageError } from '../errors.ts';
import { utcNow } from '../model/time.ts';
import { injectedMessage } from '../mta/reception.ts';
import { enqueue } from '../queue/enqueue.ts';
import { type MessageMetadata, queueNames } from '../queue/queues.ts';
import { collect } from './collect.ts';
import type { CliCommand } from './command.ts';
import { readInput } from './input-file.ts';
import { namedList } from './named-list.ts';

interface Options {
  readonly queue: string;
  readonly show?: boolean;
  readonly filename: string;
  readonly metadata?: readonly string[];
}

/** `mailman inject` */
export const inject: CliCommand = {
  define: (command, context) => {
    command
      .description('Put a message for a list into a queue.')
      .argument('[LISTSPEC]', 'Posting address or List-Id of the list.')
      .option('-q, --queue <QUEUE>', 'The queue.', 'in')
      .option('-s, --show', 'Show the names of the queues.')
      .option('-f, --filename <FILE>', 'The file with the message; - is standard input.', '-')
      .option(
        '-m, --metadata <KEY=VALUE>',
        'What travels with the message; may be given several times.',
        collect,
      )
      .action(async (listSpec: string | undefined, options: Options) => {
        if (options.show) {
          context.print('Available queues:');
          for (const name of queueNames) context.print(`    ${name}`);
          return;
        }
        if (listSpec === undefined) throw new UsageError("Missing argument 'LISTSPEC'.");
        await context.withDatabase(async (database) => {
          const list = await namedList(database.connection, listSpec);
          const queue = queueNames.find((name) => name === options.queue);
          if (!queue) throw new UsageError(`No such queue: ${options.queue}`);
          const bytes = readInput(options.filename, "'--filename' / '-f'");
          const metadata: MessageMetadata = {
            listid: list.listId,
            original_size: bytes.length,
            ...given(options.metadata ?? []),
          };
          const message = injectedMessage(bytes, utcNow());
          await database.transaction((connection) =>
            enqueue(connection, { now: utcNow }, queue, message, metadata),
          );
        });
      });
  },
};

/** `key=value` each; without `=` the value is empty. */
function given(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
