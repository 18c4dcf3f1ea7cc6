import type { Command, CommanderError } from 'commander';
import { UsageError } from '../errors.ts';

/** `mailman create [OPTIONS] LISTNAME` */
export function usageLine(command: Command): string {
  const parameters = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? name : `[${name}]`;
  });
  const last = command.commands.length > 0 ? ['COMMAND', '[ARGS]...'] : parameters;
  return [commandWords(command), '[OPTIONS]', ...last].join(' ');
}

/** `mailman migrate inspect` */
export function commandWords(command: Command): string {
  return ['mailman', ...namesOf(command)].join(' ');
}

/** The words that lead to a command: `migrate inspect`. */
function namesOf(command: Command): string[] {
  return [...(command.parent ? namesOf(command.parent) : []), command.name()];
}

/** Words what Commander found wrong as Mailman's command line does. */
export function describeUsageProblem({ code, message }: CommanderError, argv: readonly string[]): string {
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'commander.missingArgument':
      return `Missing argument '${quoted.toUpperCase().replace(/-/g, '_')}'.`;
    case 'commander.unknownOption':
      return `No such option: ${quoted}`;
    case 'commander.optionMissingArgument':
      // It can only be the last word that lacks something behind it.
      return `Option '${argv.at(-1)}' requires an argument.`;
    case 'commander.invalidArgument':
      return describeInvalidChoice(message) ?? message.replace(/^error: /, '');
    default:
      return message.replace(/^error: /, '');
  }
}

/** @throws UsageError naming the arguments that nothing asked for */
export function refuseExtraArguments({ args, registeredArguments, commands }: Command): void {
  if (commands.length > 0) return;
  if (registeredArguments.at(-1)?.variadic) return;
  const extra = args.slice(registeredArguments.length);
  if (extra.length === 0) return;
  throw new UsageError(`Got unexpected extra argument${extra.length > 1 ? 's' : ''} (${extra.join(' ')})`);
}

/** `-d, --delivery <MODE>` as `--delivery' / '-d`. */
function optionNames(flags: string): string {
  const names = flags.replace(/ [<[].*$/, '').split(', ');
  return names.reverse().join("' / '");
}

/** Commander lists the choices without quotes; a value that a command itself refuses keeps the command's words. */
function describeInvalidChoice(message: string): string | undefined {
  const match = /option '([^']*)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s.exec(message);
  if (!match) return undefined;
  const [, flags = '', value = '', choices = ''] = match;
  const quoted = choices.split(', ').map((choice) => `'${choice}'`);
  return `Invalid value for '${optionNames(flags)}': '${value}' is not one of ${quoted.join(', ')}.`;
}
