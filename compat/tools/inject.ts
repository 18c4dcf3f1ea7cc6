import { readFileSync } from 'node:fs';
import { utcNow } from '../../src/model/time.ts';
import { receivedMessage } from '../../src/mta/reception.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import type { QueueName } from '../../src/queue/queues.ts';
import { getopt } from './getopt.ts';
import { neededList } from './legacy-list.ts';
import { oldQueues } from './old-queues.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

/** Standard input. */
const STDIN = 0;

/** `inject` */
export const tool: LegacyTool = {
  usage: [
    'Usage: inject -l LISTNAME [-q QUEUE] [FILE]',
    '',
    '  -l NAME, --listname=NAME  the list',
    '  -q NAME, --queue=NAME     the queue, by its name in Mailman 2.1 or here; default in',
    '',
    'Without FILE, the message is read from standard input.',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['l/listname=', 'q/queue=', 'L/']);
    const name = options.get('listname')?.at(-1);
    if (name === undefined) throw new ToolUsageError('A list name is required');
    if (rest.length > 1) throw new ToolUsageError(`Bad arguments: ${rest.join(' ')}`);
    const wanted = options.get('queue')?.at(-1) ?? 'in';
    const queue: QueueName | undefined = oldQueues.get(wanted.replace(/^.*\//, ''));
    if (!queue) throw new ToolError(`Bad queue directory: ${wanted}`);
    const bytes = readFileSync(rest[0] ?? STDIN);
    await context.transaction(async (connection) => {
      const { listId } = await neededList(connection, name);
      const metadata = { listid: listId, to_list: true, original_size: bytes.length };
      await enqueue(connection, { now: utcNow }, queue, receivedMessage(bytes, undefined), metadata);
    });
    return 0;
  },
};
