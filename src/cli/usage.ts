import type { CommanderError } from 'commander';

/** Words what Commander found wrong as Mailman's command line does. */
export function describeUsageProblem({ code, message }: CommanderError): string {
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'commander.missingArgument':
      return `Missing argument '${quoted.toUpperCase().replace(/-/g, '_')}'.`;
    case 'commander.unknownOption':
      return `No such option: ${quoted}`;
    case 'commander.optionMissingArgument':
      return `Option '${optionNames(quoted)}' requires an argument.`;
    case 'commander.excessArguments':
      return 'Got unexpected extra arguments.';
    case 'commander.invalidArgument':
      return describeInvalidChoice(message) ?? message.replace(/^error: /, '');
    default:
      return message.replace(/^error: /, '');
  }
}

/** `-d, --delivery <mode>` as `--delivery' / '-d`. */
export function optionNames(flags: string): string {
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
