import { readFileSync } from 'node:fs';
import { runCliStep } from '../../src/cli/step.ts';
import { allLists } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import { removeMembers } from '../../src/membership/mass.ts';
import type { Mailbox } from '../../src/model/email-address.ts';
import { toEntry } from './entries.ts';
import { getopt } from './getopt.ts';
import { legacyList, legacyNames } from './legacy-list.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

/** `remove_members`; whatever happens, it ends with 0, as scripts know it. */
export const tool: LegacyTool = {
  usage: [
    'Usage: remove_members [-n] [-N] [-f FILE | -a] LISTNAME [ADDRESS...]',
    '       remove_members [-n] [-N] [-f FILE] --fromall [ADDRESS...]',
    '',
    '  -f FILE, --file=FILE  people to remove, one a line; - is standard input',
    '  -a, --all             all members of the list',
    '  --fromall             from all lists',
    '  -n, --nouserack       no goodbye is said',
    '  -N, --noadminack      the owners are not told',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['f/file=', 'a/all', '/fromall', 'n/nouserack', 'N/noadminack']);
    const fromAll = options.has('fromall');
    const [name] = fromAll ? [] : rest;
    const named = fromAll ? rest : rest.slice(1);
    if (!fromAll && name === undefined) throw new ToolUsageError('A list name is required');
    const addresses = [...named];
    for (const file of options.get('file') ?? []) {
      try {
        const text = readFileSync(file === '-' ? 0 : file, 'utf8');
        addresses.push(...text.split(/\r?\n/).filter((line) => line.trim() !== ''));
      } catch {
        context.print(`Could not open file for reading: ${file}.`);
      }
    }
    const people = addresses.map((line): Mailbox => toEntry(line).mailbox);
    const told = {
      whence: 'bin/remove_members',
      ...(options.has('nouserack') ? { toPerson: false } : {}),
      ...(options.has('noadminack') ? { toOwners: false } : {}),
    };
    const lines = await runCliStep(context, async (step) => {
      const { connection } = step;
      const said: string[] = [];
      if (fromAll) {
        const all = await allLists(connection);
        const names = legacyNames(all);
        for (const person of people) {
          for (const list of all) {
            const [was] = await removeMembers(step, list, [person], told);
            if (was) said.push(`User \`${person.address}' removed from list: ${names.get(list.listId)}.`);
          }
        }
        return said;
      }
      const list = await legacyList(connection, name ?? '');
      if (!list) return [`Error opening list ${name}... skipping.`];
      const leaving = options.has('all')
        ? (await membersOfList(connection, list.listId, ['member'])).map(
            ({ originalEmail }): Mailbox => ({ address: originalEmail, displayName: '' }),
          )
        : people;
      const were = await removeMembers(step, list, leaving, told);
      for (const [index, { address }] of leaving.entries())
        if (!were[index]) said.push(`No such member: ${address}`);
      return said;
    });
    for (const line of lines) context.print(line);
    return 0;
  },
};
