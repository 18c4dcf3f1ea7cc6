import { type Command, CommanderError } from 'commander';
import { loadConfig } from '../config/index.ts';
import { FerrymanError, UsageError } from '../errors.ts';
import { assembleCommand } from './assemble.ts';
import { type CliContext, openContext } from './context.ts';
import { splitGlobalOptions } from './global-options.ts';
import { type Output, openOutput } from './output.ts';
import { findCommand } from './program.ts';
import { isSystemError, systemErrorText } from './system-error.ts';
import { describeUsageProblem, usageLine } from './usage.ts';

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
    const [name = 'help', ...parameters] = rest;
    command = await selectCommand(name, context);
    await command.parseAsync(parameters, { from: 'user' });
    output.flush();
    return context.exitStatus();
  } catch (error) {
    return report(error, command, output);
  }
}

async function selectCommand(name: string, context: CliContext): Promise<Command> {
  const aliases: Readonly<Record<string, string>> = {
    '-h': 'help',
    '--help': 'help',
    '--version': 'version',
  };
  const entry = findCommand(aliases[name] ?? name);
  if (!entry)
    throw new UsageError(name.startsWith('-') ? `No such option: ${name}` : `No such command '${name}'.`);
  return assembleCommand(entry, context);
}

function report(error: unknown, command: Command | undefined, output: Output): number {
  if (error instanceof CommanderError && error.exitCode === 0) {
    output.flush();
    return 0;
  }
  const { lines, status } = describe(error, command);
  for (const line of lines) output.warn(line);
  return status;
}

function describe(
  error: unknown,
  command: Command | undefined,
): { lines: readonly string[]; status: number } {
  if (error instanceof CommanderError) {
    return { lines: explainUsage(describeUsageProblem(error), command), status: 2 };
  }
  if (error instanceof UsageError) return { lines: explainUsage(error.message, command), status: 2 };
  if (error instanceof FerrymanError) return { lines: error.message.split('\n'), status: 1 };
  if (isSystemError(error) && error.path !== undefined) {
    return { lines: [`${error.path}: ${systemErrorText(error)}`], status: 1 };
  }
  return { lines: [`This is a mistake in Ferryman, please report it: ${describeMistake(error)}`], status: 1 };
}

function explainUsage(problem: string, command: Command | undefined): string[] {
  const usage = command ? usageLine(command) : 'mailman [OPTIONS] COMMAND [ARGS]...';
  const subject = command ? `mailman ${command.name()}` : 'mailman';
  return [`Usage: ${usage}`, `Try '${subject} -h' for help.`, '', `Error: ${problem}`];
}

/** One line with the innermost place of ours, instead of a stack trace. */
function describeMistake(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\/dist\/([^\s)]+)/.exec(error.stack ?? '')?.[1];
  return `${error.message.split('\n')[0]}${place ? ` (${place})` : ''}`;
}
