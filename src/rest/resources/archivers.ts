import type { Config } from '../../config/index.ts';
import { updateSettings } from '../../database/lists.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { noContent, okay } from '../answer.ts';
import { bool, ConversionError } from '../converters.ts';
import { badRequest } from '../errors.ts';
import { parentList } from '../lookup.ts';
import { optional, type Parameters, readParameters, required } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';

/** The names of the archivers that are enabled on this server. */
function enabledArchivers({ archivers }: Config): string[] {
  return [...archivers.values()]
    .filter(({ enable }) => enable)
    .map(({ kind, name }) => kind ?? name)
    .sort();
}

async function change(
  call: Call,
  list: MailingList,
  declare: typeof required | typeof optional,
): Promise<void> {
  const { config } = call.step;
  const names = enabledArchivers(config);
  // The values are read below: the message about a wrong one is another.
  const raw = { schema: bool.schema, convert: (value: unknown) => value };
  const parameters: Parameters = Object.fromEntries(names.map((name) => [name, declare(raw, '')]));
  const values = readParameters(parameters, call.input, config);
  const disabled = new Set(list.settings.disabled_archivers);
  for (const [name, value] of Object.entries(values)) {
    if (flag(value, config)) disabled.delete(name);
    else disabled.add(name);
  }
  await updateSettings(call.connection, list, { disabled_archivers: [...disabled].sort() });
}

function flag(value: unknown, config: Config): boolean {
  try {
    return bool.convert(value, config);
  } catch (error) {
    throw error instanceof ConversionError ? badRequest(error.message) : error;
  }
}

/** `/lists/{list}/archivers` */
export const archiverRoutes: readonly Route[] = [
  route('/lists/:list/archivers', {
    GET: operation({
      summary: 'Which of the archivers of this server a list uses.',
      run: async (call) => {
        const { settings } = await parentList(call);
        const names = enabledArchivers(call.step.config);
        return okay(
          Object.fromEntries(names.map((name) => [name, !settings.disabled_archivers.includes(name)])),
        );
      },
    }),
    PUT: operation({
      summary: 'Says for each archiver whether the list uses it.',
      run: async (call) => {
        await change(call, await parentList(call), required);
        return noContent;
      },
    }),
    PATCH: operation({
      summary: 'Says for some archivers whether the list uses them.',
      run: async (call) => {
        await change(call, await parentList(call), optional);
        return noContent;
      },
    }),
  }),
];
