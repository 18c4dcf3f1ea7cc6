import { UsageError } from '../errors.ts';
import { assembleCommand } from './assemble.ts';
import type { CliCommand, CommandEntry } from './command.ts';
import { formatOverview } from './overview.ts';

/** `mailman help` */
export function helpOn(commands: readonly CommandEntry[]): CliCommand {
  return {
    define: (command, context) => {
      command.argument('[COMMAND]', 'The command to explain.').action(async (name: string | undefined) => {
        if (name === undefined) {
          for (const line of formatOverview(commands)) context.print(line);
          return;
        }
        const entry = commands.find((one) => one.name === name);
        if (!entry) throw new UsageError(`No such command '${name}'.`);
        assembleCommand(await entry.load(), entry, context).outputHelp();
      });
    },
  };
}
