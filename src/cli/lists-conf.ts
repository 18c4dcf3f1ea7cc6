import { UsageError } from '../errors.ts';
import { describeSettings } from '../lists/describe.ts';
import { postingAddress } from '../model/mailing-list.ts';
import type { CliCommand } from './command.ts';
import { namedLists } from './named-list.ts';
import { jsonLine } from './printable.ts';

interface Options {
  readonly keys?: string;
  readonly secrets?: boolean;
}

/** `mailman lists_conf` */
export const listsConf: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Show the settings of lists, a line of JSON for each list (docs/formats.md says what they are).',
      )
      .argument('[LISTSPECS...]', 'Posting addresses or List-Ids; all lists where none is named.')
      .option('--keys <NAMES>', 'Only these settings, with commas in between.')
      .option('--secrets', 'Show hashes of passwords too.')
      .action(async (listSpecs: readonly string[], { keys, secrets = false }: Options) => {
        const noReplyName = context.config().mailman.noreply_address;
        const names = keys?.split(',').map((name) => name.trim());
        const lists = await context.withDatabase(({ connection }) => namedLists(connection, listSpecs));
        for (const list of lists) {
          const settings = describeSettings(list, { secrets, noReplyName });
          context.print(jsonLine({ fqdn_listname: postingAddress(list), ...chosen(settings, names) }));
        }
      });
  },
};

/** @throws UsageError where there is no such setting */
function chosen(
  settings: Readonly<Record<string, unknown>>,
  names: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  if (!names) return settings;
  const unknown = names.filter((name) => !Object.hasOwn(settings, name));
  if (unknown.length > 0)
    throw new UsageError(`Invalid value for '--keys': there is no setting ${unknown.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, settings[name]]));
}
