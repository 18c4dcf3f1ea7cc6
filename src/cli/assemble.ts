import { Command } from 'commander';
import type { CliCommand, CommandEntry } from './command.ts';
import type { CliContext } from './context.ts';
import { refuseExtraArguments, usageLine } from './usage.ts';

/** The longest line of a help text. */
const HELP_WIDTH = 100;

/** Makes Commander's command out of a command of ours: lets it add arguments, options and action. */
export function assembleCommand({ define }: CliCommand, entry: CommandEntry, context: CliContext): Command {
  const command = new Command(entry.name)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        for (const line of text.replace(/\n$/, '').split('\n')) context.print(line);
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => HELP_WIDTH,
    })
    .configureHelp({
      commandUsage: usageLine,
      argumentTerm: (argument) => argument.name(),
    })
    .helpOption('-h, --help', 'Show this text.')
    .description(entry.summary)
    .showSuggestionAfterError(false)
    .allowExcessArguments(true)
    .hook('preAction', refuseExtraArguments);
  define(command, context);
  return command;
}
