import { exportList, writeExport } from '../../migrate/export21/index.ts';
import { replacedConfig } from '../../migrate/export21/replaced-config.ts';
import { findList } from '../database/lists.ts';
import { UsageError } from '../errors.ts';
import { utcNow } from '../model/time.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `mailman migrate export21` */
export const exportTwentyOne: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Write a list as Mailman 2.1 keeps it: config.pck, request.pck and pending.pck for lists/NAME, and held ' +
          'messages for data. What has not changed since it came from there is written exactly as it was. Passwords ' +
          'that were set or used here stay as they are in a config.pck that is replaced.',
      )
      .argument('<LISTSPEC>', 'The posting address or List-Id of the list.')
      .argument('<DIR>', 'The folder to write into; made where it is missing.')
      .option('--force', 'Write also into a folder that is not empty.')
      .option('--json', 'Report as JSON.')
      .action(async (listSpec: string, folder: string, options: Options) => {
        const exported = await context.transaction(async (connection) => {
          const list = await findList(connection, listSpec);
          if (!list) throw new UsageError(`No such list: ${listSpec}`);
          return exportList(connection, list, utcNow(), replacedConfig(folder));
        });
        writeExport(exported, folder, options.force === true);
        const { list, members, notes } = exported;
        const files = [...exported.files].map(([name, content]) => ({ name, bytes: content.length }));
        if (options.json) {
          context.printJson({ list, folder, members, files, notes });
          return;
        }
        context.print(`Wrote ${list} with ${members} members into ${folder}: ${files.length} files`);
        for (const { subject, text } of notes) context.print(`  ! ${subject}: ${text}`);
      });
  },
};
