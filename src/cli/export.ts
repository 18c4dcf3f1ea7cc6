import { despiteRivals } from '../database/rivals.ts';
import { describeList } from '../lists/describe.ts';
import type { CliCommand } from './command.ts';
import { documentLines } from './json-document.ts';
import { namedList } from './named-list.ts';
import { openTarget } from './output-file.ts';

interface Options {
  readonly output?: string;
  readonly secrets?: boolean;
}

/** A file with passwords is nobody else's business. */
const SECRET_MODE = 0o600;

/** `mailman export` */
export const exportList: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Write all that a list has as JSON: settings, members, bans, filters, templates, held posts ' +
          '(docs/formats.md). "mailman import" makes the same list of it, here or on another server. The archive is ' +
          'not in it: see "mailman archive export".',
      )
      .argument('<LISTSPEC>', 'The posting address or List-Id of the list.')
      .option('-o, --output <FILE>', 'Write to this file; - is standard output.')
      .option(
        '--secrets',
        'Write passwords, their hashes and tokens too; what moves to another server needs them.',
      )
      .option('--json', 'The format; there is no other one.')
      .action(async (listSpec: string, { output, secrets = false }: Options) => {
        await context.withDatabase(async (database) => {
          const { connection: reader } = database;
          const noReplyName = context.config().mailman.noreply_address;
          const description = await despiteRivals(() =>
            database.transaction(async (connection) =>
              describeList(connection, await namedList(connection, listSpec), {
                secrets,
                noReplyName,
                reader,
              }),
            ),
          );
          const target = openTarget(context, output, secrets ? SECRET_MODE : undefined);
          for await (const line of documentLines(description)) target.print(line);
          target.finish();
        });
      });
  },
};
