import { deleteTemplate, putTemplate, templatesOf } from '../../database/templates.ts';
import { isMailman2Template, refuseSettingsWhereMailman2InCharge } from '../../lists/mailman2-settings.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Template, TemplateContext } from '../../model/template.ts';
import { isTemplateName, namesInScope } from '../../templates/names.ts';
import { type Answer, noContent, okay, okayAsIs } from '../answer.ts';
import { text } from '../converters.ts';
import { badRequest, noSuchPath, notFound } from '../errors.ts';
import { parentDomain, parentList, part } from '../lookup.ts';
import { collection } from '../paging.ts';
import { optional, type Parameter, readParameters, required } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';

/** Where templates are set, and the path of that. */
interface Place {
  readonly context: TemplateContext;
  readonly list?: MailingList;
  readonly link: string;
}

type FindPlace = (call: Call) => Promise<Place>;

const credentials = {
  username: optional(text, 'Name for the server that has the texts.'),
  password: optional(text, 'Password for it.'),
} as const;

type Declare = typeof required<string> | typeof optional<string>;

function parametersFor(
  names: readonly string[],
  declare: Declare,
): Readonly<Record<string, Parameter<string>>> {
  const uris = names.map((name) => [name, declare(text, 'URI of the text; empty: as shipped.')]);
  return { ...Object.fromEntries(uris), ...credentials };
}

/** The templates that are set by URI for all languages. */
async function setOnes({ connection }: Call, { context }: Place) {
  const templates = await templatesOf(connection, context);
  return templates.flatMap(({ name, language, source }: Template) =>
    language === '' && 'uri' in source && isTemplateName(name) ? [{ name, source }] : [],
  );
}

/** @throws Mailman2InChargeError */
async function refuseMailman2s(
  { connection }: Call,
  { list }: Place,
  names: readonly string[],
): Promise<void> {
  const theirs = names.filter((name) => isMailman2Template({ name, language: '' }));
  if (list) await refuseSettingsWhereMailman2InCharge(connection, list, theirs);
}

async function change(call: Call, place: Place, names: readonly string[], declare: Declare): Promise<Answer> {
  const { context } = place;
  const parameters = parametersFor(names, declare);
  const { username, password, ...uris } = readParameters(parameters, call.input, call.step.config);
  if ((username === undefined) !== (password === undefined))
    throw badRequest('Specify both username and password, or neither');
  const set = await setOnes(call, place);
  const given = new Map<string, string>(set.map(({ name, source }) => [name, source.uri]));
  await refuseMailman2s(
    call,
    place,
    Object.entries(uris).flatMap(([name, uri = '']) => (uri === (given.get(name) ?? '') ? [] : [name])),
  );
  for (const [name, uri] of Object.entries(uris)) {
    if (uri === undefined || uri === '')
      await deleteTemplate(call.connection, context, { name, language: '' });
    else
      await putTemplate(call.connection, context, {
        name,
        language: '',
        source: { uri, username: username ?? null, password: password ?? null },
      });
  }
  return noContent;
}

/** @throws RestError 404 where there is no such template in this scope */
function nameIn(call: Call, scope: TemplateContext['scope']): string {
  const name = part(call, 'template');
  if (!namesInScope(scope).some((known) => known === name)) throw noSuchPath();
  return name;
}

function routesAt(prefix: string, scope: TemplateContext['scope'], find: FindPlace): readonly Route[] {
  const names = [...namesInScope(scope)].sort();
  return [
    route(
      `${prefix}/uris`,
      {
        GET: operation({
          summary: 'Where texts come from that replace those that are shipped.',
          run: async (call) => {
            const place = await find(call);
            const entries = (await setOnes(call, place)).map(({ name, source }) => ({
              uri: source.uri,
              name,
              self_link: `${place.link}/${name}`,
              ...(source.username !== null && source.password !== null
                ? { username: source.username, password: source.password }
                : {}),
            }));
            const whole = { start: 0, count: undefined };
            return okayAsIs(collection(whole, entries.length, entries, { self_link: place.link }));
          },
        }),
        PATCH: operation({
          summary: 'Sets where some texts come from.',
          parameters: parametersFor(names, optional),
          run: async (call) => change(call, await find(call), names, optional),
        }),
        PUT: operation({
          summary: 'Sets where all texts come from.',
          parameters: parametersFor(names, required),
          run: async (call) => change(call, await find(call), names, required),
        }),
        DELETE: operation({
          summary: 'Goes back to the texts that are shipped.',
          run: async (call) => {
            const place = await find(call);
            const set = await setOnes(call, place);
            await refuseMailman2s(
              call,
              place,
              set.map(({ name }) => name),
            );
            for (const { name } of set)
              await deleteTemplate(call.connection, place.context, { name, language: '' });
            return noContent;
          },
        }),
      },
      { versions: ['3.1'] },
    ),
    route(
      `${prefix}/uris/:template`,
      {
        GET: operation({
          summary: 'Where one text comes from.',
          run: async (call) => {
            const place = await find(call);
            const name = nameIn(call, scope);
            const template = (await setOnes(call, place)).find((one) => one.name === name);
            if (!template) throw notFound();
            return okay({ uri: template.source.uri, self_link: `${place.link}/${name}` });
          },
        }),
        PUT: operation({
          summary: 'Sets where one text comes from; the parameter has the name of the template.',
          run: async (call) => change(call, await find(call), [nameIn(call, scope)], required),
        }),
        PATCH: operation({
          summary: 'The same, where nothing need be given.',
          run: async (call) => change(call, await find(call), [nameIn(call, scope)], optional),
        }),
        DELETE: operation({
          summary: 'Goes back to the text that is shipped.',
          run: async (call) => {
            const place = await find(call);
            const name = nameIn(call, scope);
            await refuseMailman2s(call, place, [name]);
            await deleteTemplate(call.connection, place.context, { name, language: '' });
            return noContent;
          },
        }),
      },
      { versions: ['3.1'], refusesBelow: true },
    ),
  ];
}

/** `/uris`, and the same for domains and lists */
export const uriRoutes: readonly Route[] = [
  ...routesAt('', 'site', async (call) => ({ context: { scope: 'site' }, link: call.link('/uris') })),
  ...routesAt('/domains/:domain', 'domain', async (call) => {
    const { mailHost } = await parentDomain(call);
    return { context: { scope: 'domain', mailHost }, link: call.link(`/domains/${mailHost}/uris`) };
  }),
  ...routesAt('/lists/:list', 'list', async (call) => {
    const list = await parentList(call);
    const { listId } = list;
    return { context: { scope: 'list', listId }, list, link: call.link(`/lists/${listId}/uris`) };
  }),
];
