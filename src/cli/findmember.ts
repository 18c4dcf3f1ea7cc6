import { UsageError } from '../errors.ts';
import { findMemberships } from '../membership/find.ts';
import { roles } from '../model/enums.ts';
import type { Member } from '../model/member.ts';
import { compilePattern, type Pattern, PatternError } from '../model/pattern.ts';
import type { CliCommand } from './command.ts';
import { type RoleName, roleNames, rolesNamed } from './roles.ts';

interface Options {
  readonly role: RoleName | 'all';
  readonly json?: boolean;
}

/** `mailman findmember` */
export const findmember: CliCommand = {
  define: (command, context) => {
    command
      .description('Show every membership of the people one of whose addresses matches a regular expression.')
      .argument('<PATTERN>', 'Regular expression, searched anywhere in an address; case does not matter.')
      .addOption(
        command
          .createOption(
            '-r, --role <ROLE>',
            'Only memberships in this role; an administrator is owner or moderator.',
          )
          .choices(['all', ...roleNames])
          .default('all'),
      )
      .option('--json', 'Show the memberships as JSON.')
      .action(async (source: string, { role, json }: Options) => {
        const pattern = compile(source);
        const all = await context.withDatabase(({ connection }) => findMemberships(connection, pattern));
        const wanted = rolesNamed(role);
        const found = all.filter((member) => wanted.includes(member.role)).sort(compare);
        if (json) context.printJson(found.map(toJson));
        else for (const line of format(found)) context.print(line);
      });
  },
};

function compile(source: string): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    throw error instanceof PatternError
      ? new UsageError(`Invalid value for 'PATTERN': ${error.message}`)
      : error;
  }
}

/** By address, list, role in Mailman's order. */
function compare(a: Member, b: Member): number {
  if (a.email !== b.email) return a.email < b.email ? -1 : 1;
  if (a.listId !== b.listId) return a.listId < b.listId ? -1 : 1;
  return roles.indexOf(a.role) - roles.indexOf(b.role);
}

function format(found: readonly Member[]): string[] {
  const lines: string[] = [];
  let last: Member | undefined;
  for (const member of found) {
    const isNewAddress = member.email !== last?.email;
    if (isNewAddress) lines.push(`Email: ${member.originalEmail}`);
    if (isNewAddress || member.listId !== last?.listId) lines.push(`    List: ${member.listId}`);
    lines.push(`        MemberRole.${member.role}`);
    last = member;
  }
  return lines;
}

function toJson({ originalEmail, listId, role }: Member) {
  return { email: originalEmail, list_id: listId, role };
}
