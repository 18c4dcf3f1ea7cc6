import { accessSync, constants, statSync } from 'node:fs';
import type { CliContext } from '../../src/cli/context.ts';
import { withArchive } from '../../src/cli/with-archive.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { getopt } from './getopt.ts';
import { neededList } from './legacy-list.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

const NO_SUCH_LIST = 2;
const NOT_READABLE = 3;

/** `arch`: brings an mbox into the web archive, or makes its pages anew. */
export const tool: LegacyTool = {
  usage: [
    'Usage: arch [-q] [--wipe] LISTNAME [MBOX]',
    '',
    '  --wipe         empty the archive first',
    '  -q, --quiet    say nothing',
    '  -s, -e         parts of an mbox: not here; an import that was stopped goes on by itself',
    '',
    'Without MBOX, threads and index are made anew from the messages that the archive has.',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['q/quiet', '/wipe', 's/start=', 'e/end=']);
    const [name, mbox, ...extra] = rest;
    if (name === undefined || extra.length > 0) throw new ToolUsageError('listname is required');
    if (options.has('start') || options.has('end'))
      throw new ToolError('-s and -e are not supported: messages that the archive has are not added again');
    const list = await context.withDatabase(({ connection }) => neededList(connection, name, NO_SUCH_LIST));
    const address = postingAddress(list);
    // What is wrong with it is to be known before anything is deleted.
    if (mbox !== undefined && !isReadable(mbox))
      throw new ToolError(`Cannot open mbox file ${mbox}`, NOT_READABLE);
    const archive = (...words: string[]) =>
      context.runCommand('archive', words, { quiet: options.has('quiet') });
    if (mbox === undefined) {
      await archive('rebuild', address);
      return 0;
    }
    if (options.has('wipe') && (await hasArchive(context, list.listId)))
      await archive('delete', '--yes', address);
    await archive('import', address, mbox);
    return 0;
  },
};

function isReadable(mbox: string): boolean {
  if (mbox === '-') return true;
  try {
    accessSync(mbox, constants.R_OK);
    return !statSync(mbox).isDirectory();
  } catch {
    return false;
  }
}

async function hasArchive(context: CliContext, listId: string): Promise<boolean> {
  return withArchive(context, async (archive) => (await archive.list(listId)) !== undefined);
}
