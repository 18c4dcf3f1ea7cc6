import { existsSync } from 'node:fs';
import { readQueueFile } from '../../migrate/queues/queue-files.ts';
import { findEntry } from '../../src/database/queue-entries.ts';
import { loadMessage } from '../../src/database/queue-messages.ts';
import { getopt } from './getopt.ts';
import { type LegacyTool, ToolError } from './tool.ts';

/** `show_qfiles`: of files of Mailman 2.1, and of entries here as `mailman queues QUEUE` names them. */
export const tool: LegacyTool = {
  usage: ['Usage: show_qfiles [-q] FILE...', '', '  -q, --quiet  without lines between the messages'],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['q/quiet']);
    for (const file of rest) {
      const message = existsSync(file)
        ? readQueueFile({ path: file, name: file, queue: 'in' }).message
        : await context.withDatabase(async ({ connection }) => {
            const id = file.replace(/^.*\//, '').replace(/\.(?:pck|bak)$/, '');
            const entry = await findEntry(connection, id);
            return entry && loadMessage(connection, entry.message_id);
          });
      if (!message) throw new ToolError(`No such file or entry: ${file}`);
      if (!options.has('quiet')) context.print(`====================> ${file}`);
      for (const line of message.toString('utf8').trimEnd().split(/\r?\n/)) context.print(line);
    }
    return 0;
  },
};
