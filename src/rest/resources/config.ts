import { updateSettings } from '../../database/lists.ts';
import { deleteTemplate, putTemplate, templatesOf } from '../../database/templates.ts';
import {
  changedMailman2Settings,
  refuseSettingsWhereMailman2InCharge,
} from '../../lists/mailman2-settings.ts';
import { hashPassword } from '../../membership/passwords.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { isSettingName, type ListSettings } from '../../model/settings/index.ts';
import type { TemplateContext } from '../../model/template.ts';
import { noContent, okay } from '../answer.ts';
import {
  additionalAttributes,
  attributesOf,
  type ClearPassword,
  isReadOnlyAttribute,
  mailmanAttributes,
  writableAttributes,
} from '../config-attributes.ts';
import { bool, text } from '../converters.ts';
import { badRequest, notFound } from '../errors.ts';
import { parentList, part } from '../lookup.ts';
import { allOptional, optional, type Parameters, readChanges, readParameters } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import type { Resource } from '../values.ts';

/** Attributes of version 3.0, and the templates that they set. */
const TEMPLATES = {
  digest_footer_uri: 'list:member:digest:footer',
  digest_header_uri: 'list:member:digest:header',
  footer_uri: 'list:member:regular:footer',
  goodbye_message_uri: 'list:user:notice:goodbye',
  header_uri: 'list:member:regular:header',
  welcome_message_uri: 'list:user:notice:welcome',
} as const;

const templateParameters: Parameters = Object.fromEntries(
  Object.values(TEMPLATES).map((name, index) => [
    Object.keys(TEMPLATES)[index] ?? '',
    optional(text, `URI of the template ${name}; version 3.0 only.`),
  ]),
);

type Values = Readonly<Record<string, unknown>>;

function parametersOf({ version }: Call): Parameters {
  return version === '3.0' ? { ...writableAttributes, ...templateParameters } : writableAttributes;
}

/** The whole configuration, or one attribute. */
async function show(call: Call, list: MailingList, names: readonly string[]): Promise<Resource> {
  const { noreply_address } = call.step.config.mailman;
  const settings = names.filter((name) => !Object.hasOwn(TEMPLATES, name));
  const resource = attributesOf(list, settings, { noReplyName: noreply_address });
  const uris = names.filter((name) => Object.hasOwn(TEMPLATES, name));
  if (uris.length === 0) return resource;
  const set = await templatesOf(call.connection, context(list));
  for (const name of uris) {
    const template = set.find((one) => one.name === TEMPLATES[name as keyof typeof TEMPLATES]);
    resource[name] = template && 'uri' in template.source ? template.source.uri : '';
  }
  return resource;
}

function namesIn({ version }: Call): readonly string[] {
  return version === '3.0' ? [...mailmanAttributes, ...Object.keys(TEMPLATES)] : mailmanAttributes;
}

function isAttribute(call: Call, name: string): boolean {
  return namesIn(call).includes(name) || (isSettingName(name) && additionalAttributes.includes(name));
}

function isWritable(call: Call, name: string): boolean {
  return Object.hasOwn(parametersOf(call), name);
}

function context({ listId }: MailingList): TemplateContext {
  return { scope: 'list', listId };
}

async function change(call: Call, list: MailingList, values: Values): Promise<void> {
  const settings: Record<string, unknown> = {};
  const templates = Object.keys(values).filter((name) => Object.hasOwn(TEMPLATES, name));
  for (const [name, value] of Object.entries(values))
    if (isSettingName(name)) settings[name] = await stored(list, name, value);
  const shown = await show(call, list, templates);
  await refuseSettingsWhereMailman2InCharge(call.connection, list, [
    ...changedMailman2Settings(list, settings as Partial<ListSettings>),
    ...templates.filter((name) => shown[name] !== String(values[name])),
  ]);
  for (const name of templates)
    await setTemplate(call, list, TEMPLATES[name as keyof typeof TEMPLATES], String(values[name]));
  await updateSettings(call.connection, list, settings as Partial<ListSettings>);
}

async function setTemplate(call: Call, list: MailingList, name: string, uri: string): Promise<void> {
  if (uri === '') await deleteTemplate(call.connection, context(list), { name, language: '' });
  else
    await putTemplate(call.connection, context(list), {
      name,
      language: '',
      source: { uri, username: null, password: null },
    });
}

async function stored(list: MailingList, name: keyof ListSettings, value: unknown): Promise<unknown> {
  switch (name) {
    case 'acceptable_aliases':
      return (value as readonly string[]).map(alias);
    case 'admin_password':
    case 'moderator_password':
    case 'poster_password': {
      const { clear } = value as ClearPassword;
      // Clients send back what they were shown.
      if (clear === null || clear === list.settings[name]) return clear;
      return hashPassword(clear);
    }
    default:
      return value;
  }
}

function alias(entry: string): string {
  if (entry.startsWith('^')) return entry;
  if (!entry.includes('@')) throw badRequest(entry);
  return entry.toLowerCase();
}

const all = { all: optional(bool, 'Also settings beyond those of Mailman.') } as const;

/** `/lists/{list}/config` */
export const configRoutes: readonly Route[] = [
  route('/lists/:list/config', {
    GET: operation({
      summary: 'The settings of a list.',
      parameters: all,
      isRepeatable: true,
      run: async (call) => {
        const list = await parentList(call);
        const wanted = new Map([...call.input].filter(([name]) => name === 'all'));
        const more = readParameters(all, wanted, call.step.config).all ? additionalAttributes : [];
        return okay(await show(call, list, [...namesIn(call), ...more]));
      },
    }),
    PUT: operation({
      summary: "Sets all of Mailman's attributes that can be written.",
      parameters: writableAttributes,
      run: async (call) => {
        const list = await parentList(call);
        await change(call, list, readParameters(parametersOf(call), call.input, call.step.config));
        return noContent;
      },
    }),
    PATCH: operation({
      summary: 'Changes settings of a list.',
      parameters: allOptional(writableAttributes),
      run: async (call) => {
        const list = await parentList(call);
        const { config } = call.step;
        await change(call, list, readChanges(parametersOf(call), call.input, config, isReadOnlyAttribute));
        return noContent;
      },
    }),
    DELETE: operation({
      summary: 'Refused: a list has a configuration.',
      run: async (call) => {
        await parentList(call);
        throw badRequest('Cannot delete the list configuration itself');
      },
    }),
  }),
  route('/lists/:list/config/:attribute', {
    GET: operation({
      summary: 'One setting of a list.',
      run: async (call) => {
        const list = await parentList(call);
        const name = part(call, 'attribute');
        if (!isAttribute(call, name)) throw notFound(`Unknown attribute: ${name}`);
        return okay(await show(call, list, [name]));
      },
    }),
    PUT: operation({
      summary: 'Sets one setting.',
      run: async (call) => {
        const list = await parentList(call);
        const { name, parameter } = writable(call);
        const wanted = { [name]: { ...parameter, isRequired: true } };
        await change(call, list, readParameters(wanted, call.input, call.step.config));
        return noContent;
      },
    }),
    PATCH: operation({
      summary: 'Changes one setting.',
      run: async (call) => {
        const list = await parentList(call);
        const { name, parameter } = writable(call);
        if (call.input.size > 1) throw badRequest(`Expected 1 attribute, got ${call.input.size}`);
        await change(call, list, readChanges({ [name]: parameter }, call.input, call.step.config));
        return noContent;
      },
    }),
    DELETE: operation({
      summary: 'Empties acceptable_aliases; no other setting can be deleted.',
      run: async (call) => {
        const list = await parentList(call);
        const name = part(call, 'attribute');
        if (!isWritable(call, name)) throw badRequest(`Read-only attribute: ${name}`);
        if (name !== 'acceptable_aliases') throw badRequest(`Attribute cannot be DELETEd: ${name}`);
        await change(call, list, { acceptable_aliases: [] });
        return noContent;
      },
    }),
  }),
];

function writable(call: Call) {
  const name = part(call, 'attribute');
  if (!isAttribute(call, name)) throw notFound(`Unknown attribute: ${name}`);
  const parameter = parametersOf(call)[name];
  if (!parameter) throw badRequest(`Read-only attribute: ${name}`);
  return { name, parameter };
}
