import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from '../../src/model/template.ts';
import { PyBytes } from '../pickle/values.ts';
import { TextDecoding } from './charset.ts';
import { charsetOfLanguage } from './languages.ts';
import type { Notes } from './report.ts';

/** How one of Mailman 2.1's list templates is called here, and its placeholders. */
interface TemplateName {
  readonly name: string;
  /** By Mailman 2.1's names; '' where nothing corresponds. */
  readonly placeholders: Readonly<Record<string, string>>;
}

const COMMON = {
  real_name: '${display_name}',
  listname: '${display_name}',
  host_name: '${domain}',
  hostname: '${domain}',
  owneraddr: '${owner_email}',
  owneremail: '${owner_email}',
  adminaddr: '${owner_email}',
  requestaddr: '${request_email}',
  password: '',
};

const NAMES: Readonly<Record<string, TemplateName>> = {
  'disabled.txt': { name: 'list:user:notice:warning', placeholders: COMMON },
  'invite.txt': confirmation('list:user:action:invite'),
  'masthead.txt': {
    name: 'list:member:digest:masthead',
    placeholders: {
      ...COMMON,
      got_list_email: '${got_list_email}',
      got_request_email: '${got_request_email}',
      got_owner_email: '${got_owner_email}',
    },
  },
  'nomoretoday.txt': {
    name: 'list:user:notice:no-more-today',
    placeholders: { ...COMMON, sender: '${sender_email}', num: '${count}', owneremail: '${owneremail}' },
  },
  'postack.txt': {
    name: 'list:user:notice:post',
    placeholders: { ...COMMON, subject: '${subject}', listname: '${list_name}' },
  },
  'postheld.txt': {
    name: 'list:user:notice:hold',
    placeholders: { ...COMMON, subject: '${subject}', sender: '${sender_email}', reason: '${reasons}' },
  },
  'refuse.txt': {
    name: 'list:user:notice:refuse',
    placeholders: { ...COMMON, request: '${request}', reason: '${reason}', adminaddr: '${adminaddr}' },
  },
  'subscribeack.txt': {
    name: 'list:user:notice:welcome',
    placeholders: { ...COMMON, emailaddr: '${user_email}', user: '${user_email}', umbrella: '' },
  },
  'unsub.txt': confirmation('list:user:action:unsubscribe'),
  'verify.txt': confirmation('list:user:action:subscribe'),
};

/** Templates of pages and of notices that have no counterpart are kept under their old name. */
const KEPT_PREFIX = 'mailman21:';

const LANGUAGE_FOLDER = /^[a-z]{2,3}(?:_[A-Z]{2})?$/;
const TEMPLATE_FILE = /^[\w.-]+\.(?:txt|html)$/;
const LARGEST_TEMPLATE = 1024 * 1024;

/**
 * The templates that an owner changed: `LIST/LANG/*.txt` and `*.html`.
 * @param folder the list's folder in Mailman 2.1's `lists`
 * @param context fixed values: the text of welcome, and the start of web addresses
 */
export function readListDir(
  folder: string,
  context: { readonly welcome: string; readonly webPageUrl: string },
  notes: Notes,
): Template[] {
  const templates: Template[] = [];
  for (const language of entries(folder).filter(
    (entry) => entry.isDirectory() && LANGUAGE_FOLDER.test(entry.name),
  )) {
    const files = entries(join(folder, language.name)).filter(
      (entry) => entry.isFile() && TEMPLATE_FILE.test(entry.name),
    );
    for (const { name: file } of files) {
      const path = join(folder, language.name, file);
      const subject = `${language.name}/${file}`;
      if (statSync(path).size > LARGEST_TEMPLATE) {
        notes.needsPerson(subject, `larger than ${LARGEST_TEMPLATE} bytes; left out`);
        continue;
      }
      const texts = new TextDecoding(charsetOfLanguage(language.name));
      const original = texts.read(PyBytes.from(readFileSync(path)), subject) ?? '';
      for (const { charset } of texts.misread)
        notes.needsPerson(subject, `not in ${texts.charset}; read as ${charset}`);
      templates.push(convert(file, language.name, original, context, notes));
    }
  }
  return templates;
}

function convert(
  file: string,
  language: string,
  original: string,
  context: { readonly welcome: string; readonly webPageUrl: string },
  notes: Notes,
): Template {
  const known = NAMES[file];
  if (!known) {
    notes.keptAside(`${language}/${file}`, `as template ${KEPT_PREFIX}${file}`);
    return { name: KEPT_PREFIX + file, language, source: { text: original } };
  }
  const listinfo = `${context.webPageUrl}listinfo/\${short_listname}`;
  const placeholders: Readonly<Record<string, string>> = {
    welcome: context.welcome,
    listinfo_url: listinfo,
    got_listinfo_url: listinfo,
    optionsurl: `${context.webPageUrl}options/\${short_listname}/\${user_email}`,
    ...known.placeholders,
  };
  const text = original.replace(/\r\n?/g, '\n').replace(/\$(?=[A-Za-z_{$])/g, '$$$$');
  const converted = text.replace(/%%|%\((\w+)\)s/g, (placeholder, name?: string) => {
    if (name === undefined) return '%';
    const value = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
    if (value === undefined)
      notes.needsPerson(`${language}/${file}`, `${placeholder} is not known to ${known.name}`);
    return value ?? `\${${name}}`;
  });
  return { name: known.name, language, source: { text: converted } };
}

function confirmation(name: string): TemplateName {
  return {
    name,
    placeholders: {
      ...COMMON,
      email: '${user_email}',
      cookie: '${token}',
      confirmurl: '${confirm_email}',
      listadmin: '${owner_email}',
    },
  };
}

function entries(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
}
