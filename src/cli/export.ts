import { describeList } from '../lists/describe.ts';
import type { CliCommand } from './command.ts';
import { namedList } from './named-list.ts';

interface Options {
  readonly secrets?: boolean;
}

/** `mailman export` */
export const exportList: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Show all that a list has as JSON: settings, members, bans, filters, templates (docs/formats.md).',
      )
      .argument('<LISTSPEC>', 'The posting address or List-Id of the list.')
      .option('--secrets', 'Show passwords and their hashes too.')
      .option('--json', 'The format; there is no other one.')
      .action(async (listSpec: string, options: Options) => {
        const description = await context.withDatabase(async ({ connection }) =>
          describeList(connection, await namedList(connection, listSpec), {
            secrets: options.secrets === true,
            noReplyName: context.config().mailman.noreply_address,
          }),
        );
        context.printJson(description);
      });
  },
};
