import { findEntry } from '../database/queue-entries.ts';
import { loadMessage } from '../database/queue-messages.ts';
import { UsageError } from '../errors.ts';
import { metadataIfSound } from '../queue/metadata.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly print?: boolean;
  readonly json?: boolean;
}

/** `mailman qfile` */
export const qfile: CliCommand = {
  define: (command, context) => {
    command
      .description('Show a message in a queue, and what travels with it.')
      .argument('<ENTRY>', 'The entry, as "mailman queues" and REST name it; a final .pck is ignored.')
      .option('-p, --print', 'Show it (the default).')
      .option('-n, --no-print', 'Only see whether it is there.')
      .option('--json', 'Show the metadata as JSON.')
      .action(async (name: string, { print, json }: Options) => {
        const id = name.replace(/^.*\//, '').replace(/\.pck$/, '');
        const found = await context.withDatabase(async ({ connection }) => {
          const entry = await findEntry(connection, id);
          return entry && { entry, message: await loadMessage(connection, entry.message_id) };
        });
        if (!found?.message) throw new UsageError(`No such queue entry: ${name}`);
        const { entry, message } = found;
        // One that is damaged is shown as it is.
        const metadata = metadataIfSound(entry.metadata) ?? entry.metadata;
        if (json) {
          const { entry_id, queue, run_at, attempts, error } = entry;
          context.printJson({ entry_id, queue, run_at, attempts, error, metadata, size: message.length });
        } else if (print !== false) {
          context.print('[----- start pickle -----]');
          context.print('<----- start object 1 ----->');
          for (const line of message.toString('utf8').trimEnd().split(/\r?\n/)) context.print(line);
          context.print('<----- start object 2 ----->');
          for (const line of pythonLines(metadata)) context.print(line);
          context.print('[----- end pickle -----]');
        }
      });
  },
};

/** As Python shows a text, and pprint a dictionary with an indentation of four. */
function pythonLines(values: object | string): string[] {
  if (typeof values === 'string') return [pythonText(values)];
  const entries = Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length === 0) return ['{}'];
  return entries.map(([key, value], index) => {
    const end = index === entries.length - 1 ? '}' : ',';
    return `${index === 0 ? '{   ' : '    '}${pythonText(key)}: ${pythonValue(value)}${end}`;
  });
}

function pythonValue(value: unknown): string {
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  if (typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, one]) => `${pythonText(key)}: ${pythonValue(one)}`);
    return `{${pairs.join(', ')}}`;
  }
  return String(value);
}

function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}
