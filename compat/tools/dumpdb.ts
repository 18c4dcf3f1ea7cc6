import { readFileSync } from 'node:fs';
import { eachPickle } from '../../migrate/pickle/reader.ts';
import { PyBytes } from '../../migrate/pickle/values.ts';
import { isSystemError, systemErrorText } from '../../src/cli/system-error.ts';
import { getopt } from './getopt.ts';
import { prettyPrint } from './pretty-print.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

/** `dumpdb`: shows the pickles of Mailman 2.1 as data. */
export const tool: LegacyTool = {
  usage: [
    'Usage: dumpdb [-p] [-n] FILE',
    '',
    '  -p, --pickle   the file holds pickles, whatever it is called',
    '  -n, --noprint  only see whether it can be read',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['m/marshal', 'p/pickle', 'n/noprint']);
    const [file, ...extra] = rest;
    if (file === undefined) throw new ToolUsageError('No filename given.');
    if (extra.length > 0) throw new ToolUsageError(`Bad arguments: ${rest.join(' ')}`);
    if (options.has('marshal') || (file.endsWith('.db') && !options.has('pickle')))
      throw new ToolError(`${file}: marshalled files of Mailman 2.0 are not read; only pickles (.pck) are`);
    if (!options.has('pickle') && !file.endsWith('.pck'))
      throw new ToolUsageError('Please specify either -p or -m.');
    const lines: string[] = ['[----- start pickle file -----]'];
    let number = 0;
    for (const value of eachPickle(read(file))) {
      number += 1;
      lines.push(`<----- start object ${number} ----->`);
      // A text alone is shown as it is, such as a message in a queue.
      lines.push(...(value instanceof PyBytes ? value.latin1.split('\n') : prettyPrint(value)));
    }
    lines.push('[----- end pickle file -----]');
    if (!options.has('noprint')) for (const line of lines) context.print(line);
    return 0;
  },
};

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ToolError(`${file}: ${systemErrorText(error)}`);
  }
}
