import type { Connection } from '../database/handle.ts';
import { type RosterEntry, roster } from '../database/roster.ts';
import { UsageError } from '../errors.ts';
import { describeMember } from '../lists/describe.ts';
import { unsubscribe } from '../membership/unsubscribe.ts';
import { addressKey } from '../model/email-address.ts';
import { type Role, roles } from '../model/enums.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { collect } from './collect.ts';
import type { CliCommand } from './command.ts';
import { namedLists } from './named-list.ts';
import { jsonLine } from './printable.ts';
import { type RoleName, roleNames, rolesNamed } from './roles.ts';

interface Options {
  readonly delete?: boolean;
  readonly member?: readonly string[];
  readonly role: RoleName | 'any';
}

/** `mailman lists_members` */
export const listsMembers: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Show memberships of lists, a line of JSON for each, by list, role and address (docs/formats.md).',
      )
      .argument('[LISTSPECS...]', 'Posting addresses or List-Ids; all lists where none is named.')
      .addOption(
        command
          .createOption('-R, --role <ROLE>', 'Only in this role; an administrator is owner or moderator.')
          .choices(['any', ...roleNames])
          .default('any'),
      )
      .option('-m, --member <ADDRESS>', 'Only this address; may be given several times.', collect)
      .option('--delete', 'Remove what is shown, at once and telling nobody.')
      .action(async (listSpecs: readonly string[], options: Options) => {
        if (options.delete && listSpecs.length === 0 && !options.member)
          throw new UsageError(
            '--delete needs LISTSPECS or -m/--member: it would remove everybody from all lists.',
          );
        const work = async (connection: Connection): Promise<string[]> => {
          const lines: string[] = [];
          for (const list of await namedLists(connection, listSpecs))
            for (const line of await ofList(connection, list, options)) lines.push(line);
          return lines;
        };
        const lines = options.delete
          ? await context.transaction(work)
          : await context.withDatabase(({ connection }) => work(connection));
        for (const line of lines) context.print(line);
      });
  },
};

async function ofList(
  connection: Connection,
  list: MailingList,
  { role, member, delete: isDeleting }: Options,
): Promise<string[]> {
  const wanted = member && new Set(member.map(addressKey));
  const filter = { listId: list.listId, roles: rolesNamed(role) };
  const entries = (await roster(connection, filter, list.settings.preferred_language))
    .filter((entry) => !wanted || wanted.has(entry.member.email))
    .sort((one, other) => roles.indexOf(one.member.role) - roles.indexOf(other.member.role));
  if (isDeleting) await remove(connection, list, entries);
  return entries.map((entry) => {
    const { address, ...described } = describeMember(entry, list.settings, false);
    return jsonLine({
      fqdn_listname: postingAddress(list),
      list_id: list.listId,
      email: address,
      user_id: entry.userId,
      ...described,
    });
  });
}

async function remove(
  connection: Connection,
  list: MailingList,
  entries: readonly RosterEntry[],
): Promise<void> {
  const byRole: Map<Role, RosterEntry[]> = Map.groupBy(entries, (entry) => entry.member.role);
  for (const [role, those] of byRole) {
    await unsubscribe(
      connection,
      list,
      role,
      those.map((entry) => entry.member.email),
    );
  }
}
