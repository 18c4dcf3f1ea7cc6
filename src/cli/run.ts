import { type Command, CommanderError } from 'commander';
import { loadConfig } from '../config/index.ts';
import { locateConfig, processSurroundings } from '../config/locate.ts';
import { FerrymanError, UsageError } from '../errors.ts';
import { assembleCommand } from './assemble.ts';
import type { CommandEntry } from './command.ts';
import { openContext } from './context.ts';
import { splitGlobalOptions } from './global-options.ts';
import { type Output, openOutput } from './output.ts';
import { findCommand } from './program.ts';
import { isSystemError, systemErrorText } from './system-error.ts';
import { commandWords, describeUsageProblem, usageLine } from './usage.ts';

/**
 * Runs one `mailman` command line.
 * @returns the exit status: 0 done, 1 failed, 2 wrong usage
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  const output = openOutput();
  let command: Command | undefined;
  try {
    const { options, rest } = splitGlobalOptions(argv, process.env);
    const context = openContext(() => loadConfig({ file: options.config }), options.runAsRoot, output);
    // Also for commands that do not read it.
    if (options.config !== undefined) locateConfig(options.config, processSurroundings());
    const [name = 'help', ...parameters] = rest;
    const entry = selectCommand(name);
    const loaded = await entry.load();
    command = assembleCommand(loaded, entry, context);
    const spelled = parameters.map((parameter) => loaded.spellings?.[parameter] ?? parameter);
    await command.parseAsync(spelled, { from: 'user' });
    output.flush();
    return context.exitStatus();
  } catch (error) {
    return report(error, command && innermost(command, argv), argv, output);
  }
}

/** The command within a command that was meant, where there is one. */
function innermost(command: Command, argv: readonly string[]): Command {
  const behind = argv.slice(argv.indexOf(command.name()) + 1);
  return command.commands.find((part) => part.name() === behind[0]) ?? command;
}

/** Two options are commands by another name. */
function selectCommand(name: string): CommandEntry {
  const aliases: Readonly<Record<string, string>> = {
    '-h': 'help',
    '--help': 'help',
    '--version': 'version',
  };
  const entry = findCommand(aliases[name] ?? name);
  if (entry) return entry;
  throw new UsageError(name.startsWith('-') ? `No such option: ${name}` : `No such command '${name}'.`);
}

function report(
  error: unknown,
  command: Command | undefined,
  argv: readonly string[],
  output: Output,
): number {
  if (error instanceof CommanderError && error.exitCode === 0) {
    output.flush();
    return 0;
  }
  const { lines, status } = describe(error, command, argv);
  for (const line of lines) output.warn(line);
  return status;
}

function describe(
  error: unknown,
  command: Command | undefined,
  argv: readonly string[],
): { lines: readonly string[]; status: number } {
  if (error instanceof CommanderError) {
    return { lines: explainUsage(describeUsageProblem(error, argv), command), status: 2 };
  }
  if (error instanceof UsageError) return { lines: explainUsage(error.message, command), status: 2 };
  if (error instanceof FerrymanError) return { lines: error.message.split('\n'), status: 1 };
  if (isSystemError(error) && (error.path !== undefined || error.code === 'ENOSPC')) {
    return { lines: [`${error.path ?? error.syscall}: ${systemErrorText(error)}`], status: 1 };
  }
  return { lines: [`This is a mistake in Ferryman, please report it: ${describeMistake(error)}`], status: 1 };
}

function explainUsage(problem: string, command: Command | undefined): string[] {
  const usage = command ? usageLine(command) : 'mailman [OPTIONS] COMMAND [ARGS]...';
  const subject = command ? commandWords(command) : 'mailman';
  return [`Usage: ${usage}`, `Try '${subject} -h' for help.`, '', `Error: ${problem}`];
}

/** One line with the innermost place of ours, instead of a stack trace. */
function describeMistake(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\/dist\/([^\s)]+)/.exec(error.stack ?? '')?.[1];
  return `${error.message.split('\n')[0]}${place ? ` (${place})` : ''}`;
}
