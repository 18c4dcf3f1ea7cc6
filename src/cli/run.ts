import { Command, CommanderError } from 'commander';
import { loadConfig } from '../config/index.ts';
import { FerrymanError, UsageError } from '../errors.ts';
import { type CliContext, openContext } from './context.ts';
import { formatOverview } from './overview.ts';
import { type CommandEntry, commands } from './program.ts';
import { describeUsageProblem } from './usage.ts';
import { versionLine } from './version.ts';

interface GlobalOptions {
  readonly config?: string;
  readonly runAsRoot?: boolean;
}

/**
 * Runs one `mailman` command line.
 * @returns the exit status: 0 done, 1 failed, 2 wrong usage
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  swallowBrokenPipe();
  let name = '';
  try {
    const { options, rest } = splitGlobalOptions(argv);
    name = rest[0] ?? 'help';
    if (name === 'help' || name === '-h' || name === '--help') {
      process.stdout.write(formatOverview(commands));
      return 0;
    }
    if (name === '--version') {
      process.stdout.write(`${versionLine()}\n`);
      return 0;
    }
    const entry = commands.find((command) => command.name === name);
    if (!entry) throw new UsageError(name.startsWith('-') ? `No such option: ${name}` : `No such command '${name}'.`);
    return await runCommand(entry, rest.slice(1), options);
  } catch (error) {
    return report(error, name);
  }
}

async function runCommand(entry: CommandEntry, argv: readonly string[], options: GlobalOptions): Promise<number> {
  const { define } = await entry.load();
  const command = new Command(entry.name).exitOverride().configureOutput({ writeErr: () => undefined });
  const context: CliContext = openContext(() => loadConfig({ file: options.config }), options.runAsRoot === true);
  command.summary(entry.summary).description(entry.summary);
  define(command, context);
  await command.parseAsync(argv, { from: 'user' });
  return context.exitStatus();
}

/** The options in front of the command belong to `mailman` itself. */
function splitGlobalOptions(argv: readonly string[]): { options: GlobalOptions; rest: readonly string[] } {
  let config: string | undefined;
  let runAsRoot = false;
  let index = 0;
  for (; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '--run-as-root') runAsRoot = true;
    else if (argument === '-C' || argument === '--config') {
      index += 1;
      config = argv[index];
      if (config === undefined) throw new UsageError(`Option '${argument}' requires an argument.`);
    } else if (argument.startsWith('--config=')) config = argument.slice('--config='.length);
    else if (argument.startsWith('-C')) config = argument.slice(2);
    else break;
  }
  return { options: { ...(config === undefined ? {} : { config }), runAsRoot }, rest: argv.slice(index) };
}

function report(error: unknown, name: string): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    return report(new UsageError(describeUsageProblem(error)), name);
  }
  if (error instanceof UsageError) {
    const known = commands.some((command) => command.name === name);
    const subject = known ? `mailman ${name}` : 'mailman';
    const shape = known ? '[OPTIONS] ...' : '[OPTIONS] COMMAND [ARGS]...';
    process.stderr.write(`Usage: ${subject} ${shape}\nTry '${subject} -h' for help.\n\nError: ${error.message}\n`);
    return 2;
  }
  if (error instanceof FerrymanError) {
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && typeof path === 'string') {
    process.stderr.write(`${path}: ${message}\n`);
    return 1;
  }
  process.stderr.write(`This is a mistake in Ferryman, please report it: ${describeMistake(error)}\n`);
  return 1;
}

/** One line with the innermost place of ours, instead of a stack trace. */
function describeMistake(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\/dist\/([^\s)]+)/.exec(error.stack ?? '')?.[1];
  return `${error.message.split('\n')[0]}${place ? ` (${place})` : ''}`;
}

/** `mailman members ant | head` ends quietly. */
function swallowBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
