import { chains } from '../flow/chains/index.ts';
import { findPipeline } from '../flow/pipelines.ts';
import {
  actions,
  archivePolicies,
  archiveRenderingModes,
  dmarcMitigateActions,
  filterActions,
  newsgroupModerations,
  personalizations,
  replyGoesToList,
  responseActions,
  subscriptionPolicies,
  unrecognizedBounceDispositions,
  volumeFrequencies,
} from '../model/enums.ts';
import { type MailingList, postingAddress, subAddress } from '../model/mailing-list.ts';
import { type SettingName, settingDefinitions } from '../model/settings/definitions.ts';
import { settingNames } from '../model/settings/index.ts';
import {
  bool as boolKind,
  count as countKind,
  duration as durationKind,
  line as lineKind,
  real as realKind,
  type Topic,
  textList as textListKind,
  topicList as topicListKind,
} from '../model/settings/kinds.ts';
import type { UtcTime } from '../model/time.ts';
import {
  addressesOrPatterns,
  bool,
  ConversionError,
  type Converter,
  count,
  duration,
  language,
  oneOf,
  real,
  singleLine,
  text,
  texts,
} from './converters.ts';
import { shownAs } from './enums.ts';
import { optional, type Parameter, required } from './parameters.ts';
import { pythonText } from './python-repr.ts';
import { Float, Moment, Period, type Resource, type RestValue } from './values.ts';

/** A password in clear, to be stored as a hash; null takes it away. */
export interface ClearPassword {
  readonly clear: string | null;
}

const password: Converter<ClearPassword> = {
  schema: { type: ['string', 'null'] },
  convert: (value) => ({ clear: value === null || value === '' ? null : pythonText(value) }),
};

/** What has a name: pipelines and chains. */
function existing(what: string, exists: (name: string) => boolean): Converter<string> {
  return {
    schema: { type: 'string' },
    convert: (value) => {
      const name = pythonText(value);
      if (!exists(name)) throw new ConversionError(`Unknown ${what}: ${name}`);
      return name;
    },
  };
}

const pipeline = existing('pipeline', (name) => findPipeline(name) !== undefined);
const chain = existing('chain', (name) => chains.some((known) => known.name === name));

/** Mailman's is a whole number; lists that come from Mailman 2.1 may have half points. */
const score: Converter<number> = {
  schema: { type: 'number', minimum: 0 },
  convert: (value, config) =>
    value instanceof Float || (typeof value === 'string' && /^\d+\.\d+$/.test(value))
      ? Math.max(0, real.convert(value, config))
      : count.convert(value, config),
};

/** A list of objects; in a form, their JSON. */
const topics: Converter<readonly Topic[]> = {
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { name: { type: 'string' }, patterns: { type: 'string' }, description: { type: 'string' } },
      required: ['name', 'patterns', 'description'],
    },
  },
  convert: (value) => {
    const found = typeof value === 'string' ? parsed(value) : value;
    if (!topicListKind.accepts(found)) throw new ConversionError(`Expected ${topicListKind.expected}`);
    return found as readonly Topic[];
  },
};

function parsed(json: string): unknown {
  try {
    return json === '' ? [] : JSON.parse(json);
  } catch {
    throw new ConversionError(`Expected ${topicListKind.expected}`);
  }
}

const BY_NAME: Partial<Readonly<Record<SettingName, Converter<unknown>>>> = {
  accept_these_nonmembers: addressesOrPatterns,
  admin_password: password,
  bounce_score_threshold: score,
  discard_these_nonmembers: addressesOrPatterns,
  hold_these_nonmembers: addressesOrPatterns,
  moderator_password: password,
  owner_chain: chain,
  owner_pipeline: pipeline,
  poster_password: password,
  posting_chain: chain,
  posting_pipeline: pipeline,
  preferred_language: language,
  reject_these_nonmembers: addressesOrPatterns,
};

const BY_KIND = new Map<unknown, Converter<unknown>>([
  [boolKind, bool],
  [countKind, count],
  [durationKind, duration],
  [lineKind, singleLine],
  [realKind, real],
  [textListKind, texts],
  [topicListKind, topics],
]);

function converterOf(name: SettingName): Converter<unknown> {
  const { kind } = settingDefinitions[name];
  return BY_NAME[name] ?? BY_KIND.get(kind) ?? ('names' in kind && kind.names ? oneOf(kind.names) : text);
}

const ENUMERATIONS = new Map<unknown, (name: never) => RestValue>([
  [actions, shownAs.action],
  [archivePolicies, shownAs.archivePolicy],
  [archiveRenderingModes, shownAs.archiveRenderingMode],
  [dmarcMitigateActions, shownAs.dmarcMitigateAction],
  [filterActions, shownAs.filterAction],
  [newsgroupModerations, shownAs.newsgroupModeration],
  [personalizations, shownAs.personalization],
  [replyGoesToList, shownAs.replyToMunging],
  [responseActions, shownAs.responseAction],
  [subscriptionPolicies, shownAs.subscriptionPolicy],
  [unrecognizedBounceDispositions, shownAs.unrecognizedBounceDisposition],
  [volumeFrequencies, shownAs.digestFrequency],
]);

/** Mailman's attributes that no client can write, with what they are. */
const READ_ONLY: Readonly<Record<string, (list: MailingList, noReplyName: string) => RestValue>> = {
  bounces_address: (list) => subAddress(list, 'bounces'),
  created_at: ({ createdAt }) => new Moment(createdAt),
  digest_last_sent_at: ({ digestLastSentAt }) => moment(digestLastSentAt),
  fqdn_listname: postingAddress,
  join_address: (list) => subAddress(list, 'join'),
  last_post_at: ({ lastPostAt }) => moment(lastPostAt),
  leave_address: (list) => subAddress(list, 'leave'),
  list_name: ({ listName }) => listName,
  mail_host: ({ mailHost }) => mailHost,
  next_digest_number: ({ nextDigestNumber }) => nextDigestNumber,
  no_reply_address: ({ mailHost }, noReplyName) => `${noReplyName}@${mailHost}`,
  owner_address: (list) => subAddress(list, 'owner'),
  post_id: ({ postId }) => postId,
  posting_address: postingAddress,
  request_address: (list) => subAddress(list, 'request'),
  usenet_watermark: ({ usenetWatermark }) => usenetWatermark,
  volume: ({ volume }) => volume,
};

function moment(time: UtcTime | null): RestValue {
  return time === null ? null : new Moment(time);
}

/** Mailman's attributes stand in alphabetical order, but for a few. */
const BEHIND: Readonly<Record<string, string>> = {
  acceptable_aliases: '',
  bounces_address: 'autoresponse_z',
  max_days_to_hold: 'max_num_recipients_',
  pass_types: 'pass_',
  display_name: 'digests_enabled_',
};

const isMailmans = (name: SettingName): boolean =>
  settingDefinitions[name].exposure === 'rest' || name === 'moderator_password';

/** The attributes that Mailman has, in its order. */
export const mailmanAttributes: readonly string[] = [
  ...settingNames.filter(isMailmans),
  ...Object.keys(READ_ONLY),
].sort((one, other) => ((BEHIND[one] ?? one) < (BEHIND[other] ?? other) ? -1 : 1));

/** Settings beyond Mailman's. */
export const additionalAttributes: readonly SettingName[] = settingNames.filter((name) => !isMailmans(name));

/** What can be written: Mailman's 75, all of which a PUT must have, and the additional ones. */
export const writableAttributes: Readonly<Record<string, Parameter<unknown>>> = Object.fromEntries(
  settingNames.map((name) => {
    const meaning = `A list setting; ${settingDefinitions[name].kind.expected}.`;
    const declare = isMailmans(name) ? required : optional;
    return [name, declare(converterOf(name), meaning)];
  }),
);

/** Whether there is such an attribute, which cannot be written. */
export function isReadOnlyAttribute(name: string): boolean {
  return Object.hasOwn(READ_ONLY, name);
}

/** Some attributes of a list as the API shows them. */
export function attributesOf(
  list: MailingList,
  names: readonly string[],
  { noReplyName }: { readonly noReplyName: string },
): Resource {
  return Object.fromEntries(
    names.map((name) => [
      name,
      READ_ONLY[name]?.(list, noReplyName) ??
        (isReadOnlyAttribute(name) ? null : shown(list, name as SettingName)),
    ]),
  );
}

function shown({ settings }: MailingList, name: SettingName): RestValue {
  const value = settings[name];
  if (name === 'acceptable_aliases') return [...settings.acceptable_aliases].sort();
  if (name === 'digest_size_threshold') return new Float(settings.digest_size_threshold);
  const { kind } = settingDefinitions[name];
  if ((kind as unknown) === durationKind) return new Period(value as number);
  const enumeration = 'names' in kind ? ENUMERATIONS.get(kind.names) : undefined;
  return enumeration ? enumeration(value as never) : (value as RestValue);
}
