import { packageVersion } from '../package-version.ts';
import type { CliCommand } from './command.ts';

/** The version of Mailman whose interfaces are spoken. */
const MAILMAN_VERSION = '3.3.8';

interface Options {
  readonly json?: boolean;
}

/** `mailman version` */
export const version: CliCommand = {
  define: (command, { print, printJson }) => {
    command.option('--json', 'Show it as JSON.').action(({ json }: Options) => {
      if (json) printJson({ name: 'Ferryman', version: packageVersion(), mailman: MAILMAN_VERSION });
      else print(versionLine());
    });
  },
};

/** What this is, in one line. */
export function versionLine(): string {
  return `Ferryman ${packageVersion()} (compatible with GNU Mailman ${MAILMAN_VERSION})`;
}
