import { UsageError } from '../errors.ts';

/** What stands between `mailman` and the command. */
export interface GlobalOptions {
  /** The configuration file asked for, by option or `MAILMAN_CONFIG_FILE`. */
  readonly config: string | undefined;
  readonly runAsRoot: boolean;
}

/** Takes the options in front of the command off a command line. */
export function splitGlobalOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { options: GlobalOptions; rest: readonly string[] } {
  let config = env.MAILMAN_CONFIG_FILE || undefined;
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
    else if (argument.startsWith('-C')) config = argument.slice('-C'.length);
    else break;
  }
  return { options: { config, runAsRoot }, rest: argv.slice(index) };
}
