import type { CommandEntry } from './command.ts';

/** The lines that `mailman help` shows. */
export function formatOverview(commands: readonly CommandEntry[]): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: mailman [OPTIONS] COMMAND [ARGS]...',
    '',
    'Ferryman, a mailing list server that takes over from GNU Mailman.',
    '',
    'Options:',
    '  -C, --config FILE  The configuration file; without it the usual places are searched.',
    '  --run-as-root      Work as root although the data belongs to another user.',
    '  --version          Show the version.',
    '  -h, --help         Show this text; after a command, what that command takes.',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
  ];
}
