import { putSitePassword } from '../../src/database/site-passwords.ts';
import { hashPassword } from '../../src/membership/passwords.ts';
import { getopt } from './getopt.ts';
import { prompt } from './prompt.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

/** `mmsitepass` */
export const tool: LegacyTool = {
  usage: [
    'Usage: mmsitepass [-c] [PASSWORD]',
    '',
    '  -c, --listcreator  the password of who may make lists, not that of the whole site',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['c/listcreator']);
    if (rest.length > 1) throw new ToolUsageError(`Extra arguments: ${rest.slice(1).join(' ')}`);
    const role = options.has('listcreator') ? 'creator' : 'admin';
    const password = rest[0] ?? (await askTwice(role === 'creator' ? 'list creator' : 'site'));
    if (password === '') throw new ToolError('Empty passwords are not allowed; no changes made.');
    const stored = await hashPassword(password);
    await context.transaction((connection) => putSitePassword(connection, role, stored));
    context.print('Password changed.');
    return 0;
  },
};

async function askTwice(whose: string): Promise<string> {
  const first = await prompt(`New ${whose} password: `, { hidden: true });
  const second = await prompt('Again to confirm password: ', { hidden: true });
  if (first !== second) throw new ToolError('Passwords do not match; no changes made.');
  return first;
}
