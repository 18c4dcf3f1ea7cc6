import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { utcNow } from '../model/time.ts';
import { writeMaps } from '../mta/maps/index.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly directory?: string;
}

/** `mailman aliases` */
export const aliases: CliCommand = {
  define: (command, context) => {
    command
      .description('Write the files that tell the mail server which lists there are.')
      .option('-d, --directory <DIR>', 'Write them there instead of into the data directory.')
      .action(async ({ directory }: Options) => {
        const folder = directory === undefined ? undefined : writableFolder(directory);
        const config = context.config();
        await context.withDatabase(({ connection }) =>
          writeMaps(config, connection, utcNow(), { folder, isWhole: true }),
        );
      });
  },
};

function writableFolder(directory: string): string {
  const refuse = (problem: string) =>
    new UsageError(`Invalid value for '--directory' / '-d': Directory '${directory}' ${problem}.`);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw refuse('does not exist');
  try {
    accessSync(directory, constants.W_OK);
  } catch {
    throw refuse('is not writable');
  }
  return resolve(directory);
}
