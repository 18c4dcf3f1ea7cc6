import { resolve } from 'node:path';
import { tools } from '../../compat/tools/index.ts';
import { installTools, installWrapper } from '../../compat/tools/install.ts';
import { runTool } from '../../compat/tools/run-tool.ts';
import { FerrymanError } from '../errors.ts';
import { assembleCommand } from './assemble.ts';
import type { CliCommand, CommandEntry } from './command.ts';
import type { CliContext } from './context.ts';

interface Options {
  readonly install?: string;
  readonly installWrapper?: string;
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
      .option(
        '--install-wrapper <DIR>',
        'Write the program mailman that old aliases pipe mail to (mail/mailman).',
      )
      .passThroughOptions()
      .action(
        async (
          name: string | undefined,
          args: readonly string[],
          { install, installWrapper: wrapper }: Options,
        ) => {
          if (install !== undefined || wrapper !== undefined) {
            const { file } = context.config();
            const config = file ? resolve(file) : undefined;
            if (install !== undefined)
              for (const path of installTools(resolve(install), config)) context.print(path);
            if (wrapper !== undefined) context.print(installWrapper(resolve(wrapper), config));
          } else if (name === undefined) {
            for (const entry of tools) context.print(`${entry.name.padEnd(16)}${entry.summary}`);
          } else context.setExitStatus(await runTool(name, args, withCommands(context, find)));
        },
      );
  },
});

function withCommands(
  context: CliContext,
  find: (name: string) => CommandEntry | undefined,
): Parameters<typeof runTool>[2] {
  return {
    ...context,
    runCommand: async (name, argv, { quiet } = { quiet: false }) => {
      const entry = find(name);
      if (!entry) throw new FerrymanError(`There is no command "mailman ${name}"`);
      const outer = quiet ? { ...context, print: () => {} } : context;
      await assembleCommand(await entry.load(), entry, outer).parseAsync([...argv], { from: 'user' });
    },
  };
}
