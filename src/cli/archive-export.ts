import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MboxSelection } from '../archiving/store/types.ts';
import { UsageError } from '../errors.ts';
import type { CliCommand } from './command.ts';
import { OutputError } from './output.ts';
import { isSystemError, systemErrorText } from './system-error.ts';
import { namedArchive, withArchive } from './with-archive.ts';

interface Options {
  readonly month?: string;
}

/** `mailman archive export` */
export const archiveExport: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Write the archive of a list as an mbox. What was imported comes out byte for byte as it went in.',
      )
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list.')
      .argument('[FILE]', 'Where to write it; standard output where it is missing or -.')
      .option('--month <MONTH>', 'Only this month (2019-03, in UTC).')
      .action(async (listSpec: string, file: string | undefined, { month }: Options) => {
        await withArchive(context, async (archive) => {
          const { id } = await namedArchive(context, archive, listSpec);
          context.flush();
          await write(file, archive.mbox(selection(id, month)));
        });
      });
  },
};

function selection(list: number, month: string | undefined): MboxSelection {
  if (month === undefined) return { list };
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (!match) throw new UsageError(`Invalid value for '--month': '${month}': expected 2019-03`);
  return { list, year: Number(match[1]), month: Number(match[2]) };
}

/** A file appears when it is complete. */
async function write(file: string | undefined, mbox: AsyncIterable<Buffer>): Promise<void> {
  if (file === undefined || file === '-') return writeStandardOutput(mbox);
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    await pipeline(mbox, createWriteStream(temporary, { flags: 'wx', flush: true }));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    if (!isSystemError(error)) throw error;
    throw new OutputError(`Could not write file '${file}': ${systemErrorText(error)}`);
  }
}

async function writeStandardOutput(mbox: AsyncIterable<Buffer>): Promise<void> {
  try {
    await pipeline(mbox, process.stdout as Writable, { end: false });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // A reader who has seen enough (`| head`) is no failure.
    if (error.code !== 'EPIPE')
      throw new OutputError(`Standard output cannot be written: ${systemErrorText(error)}`);
  }
}
