import { openTarget } from '../../src/cli/output-file.ts';
import { type RosterEntry, roster } from '../../src/database/roster.ts';
import { formatMailbox, isValidAddress } from '../../src/model/email-address.ts';
import type { DeliveryStatus } from '../../src/model/enums.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { byText, neededList } from './legacy-list.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

const STATUSES: Readonly<Record<string, readonly DeliveryStatus[]>> = {
  '': ['by_user', 'by_moderator', 'by_bounces', 'unknown'],
  enabled: ['enabled'],
  byuser: ['by_user'],
  byadmin: ['by_moderator'],
  bybounce: ['by_bounces'],
  unknown: ['unknown'],
};

interface Wanted {
  output?: string;
  regular: boolean;
  digest?: string;
  nomail?: readonly DeliveryStatus[];
  fullNames: boolean;
  preserve: boolean;
  /** One of these sorts all together. */
  only?: 'invalid' | 'unicode' | 'moderated' | 'unmoderated';
  list?: string;
}

/** `list_members`; Mailman 2.1 reads this command line in a way of its own. */
export const tool: LegacyTool = {
  usage: [
    'Usage: list_members [-o FILE] [-r] [-d [mime|plain]] [-n [WHY]] [-f] [-p] [-i | -u | -m | -M] LISTNAME',
    '',
    '  -o FILE, --output FILE     write there',
    '  -r, --regular              only members who get each post by itself',
    '  -d [KIND], --digest[=KIND] only members with digests (mime or plain)',
    '  -n [WHY], --nomail[=WHY]   only members without delivery (byadmin, byuser, bybounce, unknown; or enabled)',
    '  -f, --fullnames            with names',
    '  -p, --preserve             addresses in the case in which they were given',
    '  -i, --invalid              only addresses that are none',
    '  -u, --unicode              only addresses stored as Unicode (there are none here)',
    '  -m, --moderated; -M, --non-moderated',
  ],
  run: async (argv, context) => {
    if (argv.length === 0) {
      for (const line of tool.usage) context.print(line);
      return 0;
    }
    const wanted = readArguments(argv);
    const name = wanted.list;
    if (name === undefined) throw new ToolUsageError('A list name is required');
    const lines = await context.withDatabase(async ({ connection }) => {
      const list = await neededList(connection, name);
      const { preferred_language } = list.settings;
      const entries = await roster(
        connection,
        { listId: list.listId, roles: ['member'] },
        preferred_language,
      );
      return select(list, entries, wanted);
    });
    const target = openTarget(context, wanted.output);
    for (const line of lines) target.print(line);
    target.finish();
    return 0;
  },
};

function readArguments(argv: readonly string[]): Wanted {
  const wanted: Wanted = { regular: false, fullNames: false, preserve: false };
  const words = [...argv];
  const choose = (only: Wanted['only']): void => {
    if (wanted.only !== undefined) throw new ToolUsageError('-i, -u, -m and -M exclude each other');
    if (only) wanted.only = only;
  };
  const optional = (values: readonly string[]): string =>
    values.includes(words[0] ?? '') ? (words.shift() ?? '') : '';
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [name = '', value] = word.startsWith('--') ? word.split('=', 2) : [word];
    switch (name) {
      case '-o':
      case '--output': {
        const file = value ?? words.shift();
        if (file === undefined) throw new ToolUsageError('No output file given');
        wanted.output = file;
        break;
      }
      case '-r':
      case '--regular':
        wanted.regular = true;
        break;
      case '-d':
      case '--digest':
        wanted.digest = value ?? (name === '-d' ? optional(['mime', 'plain']) : '');
        if (!['', 'mime', 'plain'].includes(wanted.digest))
          throw new ToolUsageError(`Bad --digest option: ${wanted.digest}`);
        break;
      case '-n':
      case '--nomail': {
        const why = value ?? (name === '-n' ? optional(Object.keys(STATUSES)) : '');
        const statuses = Object.hasOwn(STATUSES, why) ? STATUSES[why] : undefined;
        if (!statuses) throw new ToolUsageError(`Bad --nomail option: ${why}`);
        wanted.nomail = statuses;
        break;
      }
      case '-f':
      case '--fullnames':
        wanted.fullNames = true;
        break;
      case '-p':
      case '--preserve':
        wanted.preserve = true;
        break;
      case '-i':
      case '--invalid':
        choose('invalid');
        break;
      case '-u':
      case '--unicode':
        choose('unicode');
        break;
      case '-m':
      case '--moderated':
        choose('moderated');
        break;
      case '-M':
      case '--non-moderated':
        choose('unmoderated');
        break;
      default:
        if (name.startsWith('-')) throw new ToolUsageError(`Bad option: ${word}`);
        if (words.length > 0) throw new ToolUsageError(`Extra arguments: ${words.join(' ')}`);
        wanted.list = word;
    }
  }
  return wanted;
}

function select(list: MailingList, entries: readonly RosterEntry[], wanted: Wanted): string[] {
  const show = ({ member, displayName }: RosterEntry): string => {
    const address = wanted.preserve ? member.originalEmail : member.email;
    return wanted.fullNames ? formatMailbox({ address, displayName }) : address;
  };
  const shown = (chosen: readonly RosterEntry[]): string[] =>
    chosen.toSorted((one, other) => byText(one.member.email, other.member.email)).map(show);
  const { only, nomail, digest } = wanted;
  if (only) return shown(entries.filter((entry) => fits(list, entry, only)));
  const withMail = entries.filter(
    ({ preferences }) => !nomail || nomail.includes(preferences.delivery_status),
  );
  const both = !wanted.regular && digest === undefined;
  const regular = withMail.filter(({ preferences }) => preferences.delivery_mode === 'regular');
  const digests = withMail.filter(({ preferences: { delivery_mode } }) => {
    if (delivery_mode === 'regular') return false;
    return !digest || (digest === 'plain') === (delivery_mode === 'plaintext_digests');
  });
  return [
    ...(both || wanted.regular ? shown(regular) : []),
    ...(both || digest !== undefined ? shown(digests) : []),
  ];
}

function fits(
  { settings }: MailingList,
  { member }: RosterEntry,
  only: NonNullable<Wanted['only']>,
): boolean {
  if (only === 'invalid') return !isValidAddress(member.originalEmail);
  if (only === 'unicode') return false;
  const action = member.moderationAction ?? settings.default_member_action;
  const isModerated = action !== 'defer' && action !== 'accept';
  return isModerated === (only === 'moderated');
}
