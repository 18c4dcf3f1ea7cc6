import { resolve } from 'node:path';
import { tools } from '../../compat/tools/index.ts';
import { installTools } from '../../compat/tools/install.ts';
import { runTool } from '../../compat/tools/run-tool.ts';
import { FerrymanError } from '../errors.ts';
import { assembleCommand } from './assemble.ts';
import type { CliCommand, CommandEntry } from './command.ts';
import type { CliContext } from './context.ts';

interface Options {
  readonly install?: string;
}

/** `mailman legacy` @param find knows the other commands, to which some of the old ones lead */
export const legacyOver = (find: (name: string) => CommandEntry | undefined): CliCommand => ({
  define: (command, context) => {
    command
      .description(
        'Run one of the commands of Mailman 2.1, with its options and output; without a name, list them.',
      )
      .argument('[NAME]', 'Such as list_members.')
      .argument('[ARGS...]', 'What that command takes; -h shows it.')
      .option('--install <DIR>', 'Write programs of these names into a folder, for scripts and crontabs.')
      .passThroughOptions()
      .action(async (name: string | undefined, args: readonly string[], { install }: Options) => {
        if (install !== undefined) {
          const { file } = context.config();
          for (const path of installTools(resolve(install), file ? resolve(file) : undefined))
            context.print(path);
        } else if (name === undefined) {
          for (const entry of tools) context.print(`${entry.name.padEnd(16)}${entry.summary}`);
        } else context.setExitStatus(await runTool(name, args, withCommands(context, find)));
      });
  },
});

function withCommands(
  context: CliContext,
  find: (name: string) => CommandEntry | undefined,
): Parameters<typeof runTool>[2] {
  return {
    ...context,
    runCommand: async (name, argv) => {
      const entry = find(name);
      if (!entry) throw new FerrymanError(`There is no command "mailman ${name}"`);
      await assembleCommand(await entry.load(), entry, context).parseAsync([...argv], { from: 'user' });
    },
  };
}
