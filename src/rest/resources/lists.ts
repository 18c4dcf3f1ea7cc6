import { type ListFilter, listPage } from '../../database/list-pages.ts';
import { findLists } from '../../database/lists.ts';
import { CreateListError, createList } from '../../lists/create.ts';
import { removeList, removeListFolder } from '../../lists/remove.ts';
import { listRules } from '../../lists/rules.ts';
import { membershipsOfSubscriber } from '../../membership/memberships.ts';
import { isValidAddress } from '../../model/email-address.ts';
import { roles } from '../../model/enums.ts';
import { styles } from '../../model/styles.ts';
import { type Answer, created, noContent, okay, okayAsIs } from '../answer.ts';
import { oneOf, text } from '../converters.ts';
import { badRequest, invalidParameter, notFound } from '../errors.ts';
import { theList } from '../lookup.ts';
import { refreshMapsAfter } from '../maps.ts';
import { collection, pageIn, pageOf, pageParameters, slice } from '../paging.ts';
import { optional, required } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import { listResources } from '../shapes/list.ts';
import { readSubscriber, subscriber } from '../subscriber.ts';

const TRUE = new Set(['true', 'True', 't', 'yes', 'y', '1', 'on']);
const FALSE = new Set(['false', 'False', 'f', 'no', 'n', '0', 'off']);

/** Mailman's HTTP layer reads this one. */
function wantsAdvertised({ input }: Call): boolean {
  const value = input.get('advertised');
  if (value === undefined) return false;
  const last = Array.isArray(value) ? value.at(-1) : value;
  if (last === true || TRUE.has(String(last))) return true;
  if (last === false || FALSE.has(String(last))) return false;
  throw invalidParameter('advertised', 'The value of the parameter must be "true" or "false".');
}

/** Lists as a collection. */
export async function listCollection(call: Call, filter: ListFilter): Promise<Answer> {
  const page = pageIn(call.input);
  const advertised = wantsAdvertised(call) ? true : undefined;
  const { total, rows } = await listPage(call.connection, { ...filter, advertised }, page);
  return okayAsIs(collection(page, total, await listResources(call, rows)));
}

const find = operation({
  summary: 'The lists that somebody is on, once for each membership.',
  parameters: {
    subscriber: required(subscriber, 'An address, or the identifier of a user.'),
    role: optional(oneOf(roles), 'Only memberships in this role.'),
    ...pageParameters,
  },
  run: async (call, read) => {
    const wanted = read();
    const page = pageOf(wanted);
    const who = readSubscriber(call.version, wanted.subscriber);
    const memberships = await membershipsOfSubscriber(call.connection, who);
    const chosen = memberships
      .filter(({ role }) => wanted.role === undefined || role === wanted.role)
      .map(({ listId }) => listId)
      .sort();
    if (chosen.length === 0) throw notFound();
    const shown = slice(chosen, page);
    const lists = new Map((await findLists(call.connection, shown)).map((list) => [list.listId, list]));
    const entries = await listResources(
      call,
      shown.flatMap((listId) => lists.get(listId) ?? []),
    );
    return okayAsIs(collection(page, chosen.length, entries));
  },
});

const nobody = operation({
  summary: 'There is no such list.',
  run: async () => {
    throw notFound();
  },
});

/** `/lists`, and what a list itself is */
export const listRoutes: readonly Route[] = [
  route('/lists', {
    GET: operation({
      summary: 'All lists.',
      isRepeatable: true,
      run: async (call) => listCollection(call, {}),
    }),
    POST: operation({
      summary: 'Makes a list.',
      parameters: {
        fqdn_listname: required(text, 'The posting address.'),
        style_name: optional(text, 'What it starts with; see /lists/styles.'),
      },
      run: async (call, read) => {
        const { fqdn_listname, style_name } = read();
        const { config } = call.step;
        const wanted = {
          address: fqdn_listname,
          style: style_name ?? config.styles.default,
          language: config.mailman.default_language,
          owners: [],
          createDomain: false,
        };
        try {
          const list = await createList(call.connection, wanted, listRules(config));
          refreshMapsAfter(call);
          return created(call.link(`/lists/${list.listId}`));
        } catch (error) {
          throw error instanceof CreateListError ? badRequest(problemOf(error, fqdn_listname)) : error;
        }
      },
    }),
  }),
  // A list without a name.
  route('/lists/', { GET: nobody, DELETE: nobody }),
  route('/lists/styles', {
    GET: operation({
      summary: 'The styles that a list can start with.',
      run: async ({ step }) =>
        okay({
          style_names: styles.map(({ name }) => name),
          styles: styles.map(({ name, description }) => ({ name, description })),
          default: step.config.styles.default,
        }),
    }),
  }),
  route('/lists/find', { GET: find, POST: find }),
  route('/lists/:list', {
    GET: operation({
      summary: 'A list.',
      isRepeatable: true,
      run: async (call) => {
        const [resource = {}] = await listResources(call, [await theList(call)]);
        return okay(resource);
      },
    }),
    DELETE: operation({
      summary: 'Removes a list with its members, settings and what waits for its moderators.',
      run: async (call) => {
        const list = await theList(call);
        await removeList(call.connection, list);
        const { list_data_dir } = call.step.config.paths;
        call.afterwards(() => removeListFolder(list, list_data_dir));
        refreshMapsAfter(call);
        return noContent;
      },
    }),
  }),
];

/** Why a list cannot be made, as Mailman words it. */
function problemOf({ problem, message }: CreateListError, address: string): string {
  const at = address.lastIndexOf('@');
  switch (problem) {
    case 'exists':
      return 'Mailing list exists';
    case 'domain':
      return `Domain does not exist: ${address.slice(at + 1)}`;
    case 'name':
      return isValidAddress(address)
        ? `Invalid list name: ${address.slice(0, at)}`
        : `Invalid list posting address: ${address}`;
    default:
      return message;
  }
}
