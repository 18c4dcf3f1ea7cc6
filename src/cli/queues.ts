import { countEntries, listEntries, type QueueEntryRow } from '../database/queue-entries.ts';
import { UsageError } from '../errors.ts';
import { metadataIfSound } from '../queue/metadata.ts';
import { type QueueName, queueNames } from '../queue/queues.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { shorten } from './printable.ts';

interface Options {
  readonly json?: boolean;
}

/** `mailman queues` */
export const queues: CliCommand = {
  define: (command, context) => {
    command
      .description('Show how many messages each queue holds, or which ones one of them holds.')
      .argument('[QUEUE]', 'Show the entries of this queue, as "mailman qfile" takes them.')
      .option('--json', 'Show it as JSON: counts by queue, or entries.')
      .action(async (queue: string | undefined, { json }: Options) => {
        if (queue === undefined) await showCounts(context, json === true);
        else await showEntries(context, queueNamed(queue), json === true);
      });
  },
};

async function showCounts(context: CliContext, json: boolean): Promise<void> {
  const counts = await context.withDatabase(({ connection }) => countEntries(connection));
  if (json) {
    context.printJson(Object.fromEntries(queueNames.map((queue) => [queue, counts.get(queue) ?? 0])));
  } else {
    const width = Math.max(...queueNames.map(({ length }) => length));
    for (const queue of queueNames) context.print(`${queue.padEnd(width)}  ${counts.get(queue) ?? 0}`);
  }
}

async function showEntries(context: CliContext, queue: QueueName, json: boolean): Promise<void> {
  const entries = await context.withDatabase(({ connection }) => listEntries(connection, queue));
  if (json) context.printJson(entries.map(toJson));
  else for (const entry of entries) context.print(format(entry));
}

function queueNamed(name: string): QueueName {
  const found = queueNames.find((queue) => queue === name);
  if (!found) throw new UsageError(`No such queue: ${name}`);
  return found;
}

function toJson(entry: QueueEntryRow) {
  const { entry_id, run_at, attempts, error } = entry;
  return { entry_id, list_id: listOf(entry), run_at, attempts, error };
}

/** Number, when it is due, list, and in one line what went wrong. */
function format(entry: QueueEntryRow): string {
  const [error = ''] = (entry.error ?? '').split('\n');
  const when = entry.run_at.slice(0, 19).replace('T', ' ');
  return [entry.entry_id, when, listOf(entry) ?? '-', shorten(error)].join('  ').trimEnd();
}

function listOf({ metadata }: QueueEntryRow): string | null {
  const { listid } = metadataIfSound(metadata) ?? {};
  return typeof listid === 'string' ? listid : null;
}
