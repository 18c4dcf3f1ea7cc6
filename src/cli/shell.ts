import { UsageError } from '../errors.ts';
import { assembleCommand } from './assemble.ts';
import type { CliCommand, CommandEntry } from './command.ts';

/** What operators ran in Mailman 3 with `shell --run`, and the commands that do it here. */
const SCRIPTS: Readonly<Record<string, string>> = {
  lists_conf: 'lists_conf',
  lists_members: 'lists_members',
  users: 'users',
};

interface Options {
  readonly run?: string;
}

/** `mailman shell` and `mailman withlist` @param find knows the other commands, to which scripts lead */
export const shellOver = (find: (name: string) => CommandEntry | undefined): CliCommand => ({
  define: (command, context) => {
    command
      .description(
        `Run one of the scripts that Mailman 3 ran with shell --run: ${Object.keys(SCRIPTS).join(', ')}. There is no ` +
          'Python here; "mailman export" and the REST API give programs what a script of yours reads.',
      )
      .argument('[ARGS...]', 'What the script takes, behind --.')
      .option(
        '-r, --run <SCRIPT>',
        'Its name, as examples.lists_conf or lists_conf; the same as the command of that name.',
      )
      .option('-i, --interactive', 'Refused: there is no prompt.')
      .option('-l, --list <LISTSPEC>', 'For the script: the list.')
      .passThroughOptions()
      .action(async (args: readonly string[], { run, list }: Options & { readonly list?: string }) => {
        const entry = find(SCRIPTS[run?.split('.').at(-1) ?? ''] ?? '');
        if (!entry)
          throw new UsageError(
            `There is no Python here to ${run === undefined ? 'type into' : `run ${run} with`}. ` +
              `Scripts: ${Object.keys(SCRIPTS).join(', ')}; see also "mailman export" and the REST API.`,
          );
        const argv = list === undefined ? args : [...args, list];
        await assembleCommand(await entry.load(), entry, context).parseAsync([...argv], { from: 'user' });
      });
  },
});
