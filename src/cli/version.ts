import { readFileSync } from 'node:fs';
import type { CliCommand } from './program.ts';

/** `mailman version` */
export const version: CliCommand = {
  define: (command, { print }) => {
    command.action(() => print(versionLine()));
  },
};

/** What this is, in one line. */
export function versionLine(): string {
  return `Ferryman ${packageVersion()} (compatible with GNU Mailman 3.3.8)`;
}

/** The version in package.json, which lies two folders above the sources and three above what is built from them. */
export function packageVersion(): string {
  for (const folder of ['../../', '../../../']) {
    try {
      const text = readFileSync(new URL(`${folder}package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return 'unknown';
}
