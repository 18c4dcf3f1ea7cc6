import type { Connection } from '../database/handle.ts';
import { countMembers } from '../database/members.ts';
import { type RosterEntry, roster } from '../database/roster.ts';
import { UsageError } from '../errors.ts';
import type { DeliveryMode, DeliveryStatus } from '../model/enums.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { CliCommand } from './command.ts';
import { plainMailbox } from './member-file.ts';
import { namedList } from './named-list.ts';
import { openTarget } from './output-file.ts';
import { type RoleName, roleNames, rolesNamed } from './roles.ts';

/** The values of `-d` and what they let through. */
const digestModes: Readonly<Record<string, readonly DeliveryMode[]>> = {
  any: ['plaintext_digests', 'mime_digests', 'summary_digests'],
  plaintext: ['plaintext_digests'],
  mime: ['mime_digests', 'summary_digests'],
};

/** The values of `-n` and what they let through. */
const nomailStatuses: Readonly<Record<string, readonly DeliveryStatus[]>> = {
  enabled: ['enabled'],
  any: ['by_bounces', 'by_moderator', 'by_user', 'unknown'],
  unknown: ['unknown'],
  byadmin: ['by_moderator'],
  byuser: ['by_user'],
  bybounces: ['by_bounces'],
};

/** Options that this command once had; old scripts use them. */
const movedOptions = [
  ['-a, --add <FILENAME>', 'add', 'addmembers'],
  ['-x, --delete <FILENAME>', 'delete', 'delmembers'],
  ['-s, --sync <FILENAME>', 'sync', 'syncmembers'],
] as const;

interface Options {
  readonly output?: string;
  readonly role: RoleName | 'any';
  readonly regular?: boolean;
  readonly digest?: string;
  readonly nomail?: string;
  readonly emailOnly?: boolean;
  readonly countOnly?: boolean;
  readonly json?: boolean;
  readonly add?: string;
  readonly delete?: string;
  readonly sync?: string;
}

/** `mailman members` */
export const members: CliCommand = {
  define: (command, context) => {
    command
      .description('List who is on a list, sorted by address.')
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list.')
      .option('-o, --output <FILE>', 'Write to this file; - is standard output.')
      .addOption(
        command
          .createOption('-R, --role <ROLE>', 'Who is in this role; an administrator is owner or moderator.')
          .choices(['any', ...roleNames])
          .default('member'),
      )
      .option('-r, --regular', 'Only who gets each post by itself.')
      .addOption(
        command
          .createOption('-d, --digest <KIND>', 'Only who gets digests of this kind.')
          .choices(Object.keys(digestModes)),
      )
      .addOption(
        command
          .createOption(
            '-n, --nomail <WHY>',
            'Only who has this delivery status; any is each one that stops the mail.',
          )
          .choices(Object.keys(nomailStatuses)),
      )
      .option('-e, --email-only', 'Addresses without names.')
      .option('-c, --count-only', 'How many are in the role, whatever their delivery.')
      .option('-N, --no-change', 'Without effect.')
      .option('--json', 'Show them as JSON, with role and delivery.');
    for (const [flags, , instead] of movedOptions) {
      command.addOption(command.createOption(flags, `Moved to mailman ${instead}.`).hideHelp());
    }
    command.action(async (listSpec: string, options: Options) => {
      checkCombination(options);
      const found = await context.withDatabase(({ connection }) => read(connection, listSpec, options));
      const target = openTarget(context, options.output);
      if (options.json) target.printJson(toJson(found, options));
      else for (const line of format(found, options)) target.print(line);
      target.finish();
    });
  },
};

interface Found {
  readonly list: MailingList;
  /** How many there are in the role, before any filter. */
  readonly total: number;
  readonly entries: readonly RosterEntry[];
}

function checkCombination(options: Options): void {
  for (const [, name, instead] of movedOptions) {
    if (options[name] !== undefined)
      throw new UsageError(`The --${name} option is removed. Use \`mailman ${instead}\` instead.`);
  }
  const isFiltered = options.regular || options.digest !== undefined || options.nomail !== undefined;
  if (options.role === 'any' && isFiltered)
    throw new UsageError('The --regular, --digest and --nomail options are incompatible with role=any.');
  if (options.emailOnly && options.countOnly)
    throw new UsageError('The --email_only and --count_only options are mutually exclusive.');
}

async function read(connection: Connection, listSpec: string, options: Options): Promise<Found> {
  const list = await namedList(connection, listSpec);
  const wanted = rolesNamed(options.role);
  const total = await countMembers(connection, list.listId, wanted);
  const modes = deliveryModesWanted(options);
  if (options.countOnly || total === 0 || modes?.length === 0) return { list, total, entries: [] };
  const filter = {
    listId: list.listId,
    roles: wanted,
    ...(modes ? { deliveryModes: modes } : {}),
    ...(options.nomail === undefined ? {} : { deliveryStatuses: nomailStatuses[options.nomail] ?? [] }),
  };
  const entries = await roster(connection, filter, list.settings.preferred_language);
  // A database sorts text by the rules of a language, these are in the order of their characters.
  return { list, total, entries: entries.sort((a, b) => (a.member.email < b.member.email ? -1 : 1)) };
}

/** Regular delivery and digests exclude each other: both asked for lets nobody through. */
function deliveryModesWanted({ regular, digest }: Options): readonly DeliveryMode[] | undefined {
  if (digest === undefined) return regular ? ['regular'] : undefined;
  return regular ? [] : digestModes[digest];
}

function format({ list, total, entries }: Found, { countOnly, emailOnly }: Options): string[] {
  if (countOnly) return [String(total)];
  if (total === 0) return [`${list.listId} has no members`];
  return entries.map(({ member, displayName }) =>
    emailOnly ? member.originalEmail : plainMailbox({ address: member.originalEmail, displayName }),
  );
}

function toJson({ list, total, entries }: Found, { countOnly, emailOnly }: Options) {
  if (countOnly) return { list_id: list.listId, count: total };
  return {
    list_id: list.listId,
    members: entries.map(({ member, displayName, preferences }) => ({
      email: member.originalEmail,
      ...(emailOnly ? {} : { display_name: displayName }),
      role: member.role,
      delivery_mode: preferences.delivery_mode,
      delivery_status: preferences.delivery_status,
    })),
  };
}
