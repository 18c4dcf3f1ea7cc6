import { type Autoresponse, autoresponseKinds } from '../../model/autoresponse.ts';
import { addressKey, domainKey, LONGEST_ADDRESS } from '../../model/email-address.ts';
import { actions } from '../../model/enums.ts';
import type { HeaderMatch } from '../../model/header-match.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import {
  initialSettings,
  type ListSettings,
  readSetting,
  SettingError,
  settingNames,
} from '../../model/settings/index.ts';
import type { Template } from '../../model/template.ts';
import type { User } from '../../model/user.ts';
import { type AddressInFile, type MemberInFile, readAddress, readMember, readUser } from './people.ts';
import { ListFileError, Place } from './place.ts';
import { readWaiting, type Waiting } from './waiting.ts';

/** A list as `mailman export` has written it, checked. */
export interface ListFile {
  /** Whether passwords and tokens are in it. */
  readonly hasSecrets: boolean;
  readonly list: MailingList;
  readonly domainDescription: string | null;
  readonly users: readonly User[];
  readonly addresses: readonly AddressInFile[];
  readonly members: readonly MemberInFile[];
  readonly bans: readonly string[];
  readonly headerMatches: readonly HeaderMatch[];
  readonly templates: readonly Template[];
  readonly autoresponses: readonly Autoresponse[];
  readonly waiting: Waiting;
}

const LONGEST_NAME = 255;
const LONGEST_LANGUAGE = 20;

/** What a pickle of Mailman 2.1 may hold fits into it; what is nested deeper cannot be written out again. */
const DEEPEST = 2000;

/**
 * Reads what `mailman export` has written.
 * @param source what messages call the file until the name of the list is known
 * @throws ListFileError naming the list, the field, what stands there and what is expected
 */
export function readListFile(text: string, source: string): ListFile {
  let document = new Place(parse(text, source), source);
  document.at('format').oneOf(['ferryman-list']);
  if (document.at('version').number() !== 1)
    throw document.at('version').refuse('1, which this Ferryman reads');
  document = document.renamed(document.at('fqdn_listname').text(2 * LONGEST_NAME));
  const list = readList(document);
  const file: ListFile = {
    hasSecrets: document.at('has_secrets').flag(),
    list,
    domainDescription: document
      .at('domain')
      .at('description')
      .nullable((description) => description.text()),
    users: document.at('users').items().map(readUser),
    addresses: document.at('addresses').items().map(readAddress),
    members: document
      .at('members')
      .items()
      .map((member) => readMember(member, list.listId)),
    bans: document.at('bans').texts(),
    headerMatches: document.at('header_matches').items().map(readHeaderMatch),
    templates: document.at('templates').items().map(readTemplate),
    autoresponses: document.at('autoresponses').items().map(readAutoresponse),
    waiting: readWaiting(document, list.listId),
  };
  checkReferences(document, file);
  return file;
}

function parse(text: string, source: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new ListFileError(`${source}: this is not JSON, or not all of it (${(error as Error).message})`);
  }
  if (isDeeper(document, DEEPEST))
    throw new ListFileError(`${source}: values are nested more than ${DEEPEST} deep`);
  return document;
}

function isDeeper(document: unknown, deepest: number): boolean {
  let level = [document].filter(isHolder);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= deepest) return true;
    level = level.flatMap((value) => Object.values(value).filter(isHolder));
  }
  return false;
}

/** Something that holds other values. */
function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function readList(document: Place): MailingList {
  const settings = document.at('settings');
  return {
    listId: document.at('list_id').text(LONGEST_NAME),
    listName: settings.at('list_name').text(LONGEST_NAME),
    mailHost: domainKey(settings.at('mail_host').text(LONGEST_NAME)),
    settings: readSettings(settings),
    legacySettings: document.at('legacy_settings_exact').object(),
    createdAt: settings.at('created_at').time(),
    lastPostAt: settings.at('last_post_at').nullable((time) => time.time()),
    digestLastSentAt: settings.at('digest_last_sent_at').nullable((time) => time.time()),
    postId: settings.at('post_id').whole(),
    nextRequestId: settings.at('next_request_id').whole(),
    volume: settings.at('volume').whole(),
    nextDigestNumber: settings.at('next_digest_number').whole(),
    usenetWatermark: settings.at('usenet_watermark').nullable((number) => number.whole()),
  };
}

function readSettings(place: Place): ListSettings {
  const shown = place.object();
  // Missing are passwords, where the export was made without secrets, and what is newer than the file.
  const given = settingNames.filter((name) => Object.hasOwn(shown, name));
  const entries = given.map((name): [string, unknown] => {
    try {
      return [name, readSetting(name, shown[name])];
    } catch (error) {
      if (error instanceof SettingError) throw place.at(name).complain(`is wrong: ${error.message}`);
      throw error;
    }
  });
  return { ...initialSettings(), ...Object.fromEntries(entries) };
}

function readHeaderMatch(place: Place): HeaderMatch {
  return {
    header: place.at('header').text(LONGEST_NAME),
    pattern: place.at('pattern').text(),
    action: place.at('action').nullable((action) => action.oneOf(actions)),
    tag: place.at('tag').nullable((tag) => tag.text(LONGEST_NAME)),
  };
}

function readTemplate(place: Place): Template {
  const text = place.at('text').optional((written) => written.text());
  const credential = (name: string) => place.at(name).optional((written) => written.text()) ?? null;
  return {
    name: place.at('name').text(LONGEST_NAME),
    language: place.at('language').text(LONGEST_LANGUAGE),
    source:
      text === undefined
        ? { uri: place.at('uri').text(), username: credential('username'), password: credential('password') }
        : { text },
  };
}

function readAutoresponse(place: Place): Autoresponse {
  return {
    kind: place.at('kind').oneOf(autoresponseKinds),
    email: addressKey(place.at('email').text(LONGEST_ADDRESS)),
    quietUntil: place.at('quiet_until').nullable((time) => time.time()),
    day: place.at('day').nullable((day) => day.text(10)),
    count: place.at('count').number(),
  };
}

/** Nobody is there twice, and what is referred to is there. */
function checkReferences(document: Place, { list, users, addresses, members }: ListFile): void {
  if (document.at('fqdn_listname').text() !== `${list.listName}@${list.mailHost}`)
    throw document.at('fqdn_listname').refuse(`${list.listName}@${list.mailHost}, as in settings`);
  const known = new Set<string>();
  const places = (name: string): Place[] => document.at(name).items();
  const once = (section: string, field: string, keys: readonly string[], there: Set<string>): void => {
    for (const [index, key] of keys.entries()) {
      if (there.has(key)) throw (places(section)[index] ?? document).at(field).complain('is there twice');
      there.add(key);
    }
  };
  once(
    'users',
    'user_id',
    users.map(({ userId }) => userId),
    known,
  );
  for (const [index, { userId }] of addresses.entries())
    if (userId !== null && !known.has(userId))
      throw (places('addresses')[index] ?? document).at('user_id').complain('is not among users');
  const emails = new Set<string>();
  once(
    'addresses',
    'address',
    addresses.map(({ email }) => email),
    emails,
  );
  for (const [index, { member }] of members.entries())
    if (!emails.has(member.email))
      throw (places('members')[index] ?? document).at('address').complain('is not among addresses');
  once(
    'members',
    'address',
    members.map(({ member }) => `${member.role} ${member.email}`),
    new Set(),
  );
  once(
    'members',
    'member_id',
    members.map(({ member }) => member.memberId),
    new Set(),
  );
}
