import { assembleCommand } from '../../src/cli/assemble.ts';
import type { CliCommand } from '../../src/cli/command.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { reopen } from '../../src/cli/reopen.ts';
import { restart } from '../../src/cli/restart.ts';
import { start } from '../../src/cli/start.ts';
import { stop } from '../../src/cli/stop.ts';
import { FerrymanError } from '../../src/errors.ts';
import { getopt } from './getopt.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

const COMMANDS: Readonly<Record<string, { readonly command: CliCommand; readonly said: string }>> = {
  start: { command: start, said: "Starting Mailman's master qrunner." },
  stop: { command: stop, said: "Shutting down Mailman's master qrunner" },
  restart: { command: restart, said: "Restarting Mailman's master qrunner" },
  reopen: { command: reopen, said: 'Re-opening all log files' },
};

/** `mailmanctl`; it ends with 0 also where the server was running already or was not running at all. */
export const tool: LegacyTool = {
  usage: [
    'Usage: mailmanctl [-n] [-u] [-s] [-q] start | stop | restart | reopen',
    '',
    '  -s, --stale-lock-cleanup  start: take over a lock that another host has left',
    '  -q, --quiet               say nothing',
    '  -n, --no-restart; -u, --run-as-user   without effect',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, [
      'n/no-restart',
      'u/run-as-user',
      's/stale-lock-cleanup',
      'q/quiet',
    ]);
    const [name, ...extra] = rest;
    if (name === undefined || extra.length > 0) throw new ToolUsageError('One command is required');
    const known = Object.hasOwn(COMMANDS, name.toLowerCase()) ? COMMANDS[name.toLowerCase()] : undefined;
    if (!known) {
      for (const line of tool.usage) context.warn(line);
      context.warn(`Invalid command: ${name}`);
      return 0;
    }
    if (!options.has('quiet')) context.print(known.said);
    const force = name === 'start' && options.has('stale-lock-cleanup');
    await runQuietly(context, name, known.command, force ? ['--quiet', '--force'] : ['--quiet']);
    return 0;
  },
};

async function runQuietly(
  context: CliContext,
  name: string,
  command: CliCommand,
  argv: readonly string[],
): Promise<void> {
  const assembled = assembleCommand(command, { name, summary: name, load: async () => command }, context);
  try {
    await assembled.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    context.warn(error.message);
  }
}
