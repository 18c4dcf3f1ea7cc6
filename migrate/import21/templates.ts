import type { Template } from '../../src/model/template.ts';
import { type Conversion, keepOdd, numberAt, textAt } from './conversion.ts';
import {
  type ConvertedText,
  convertSubstitutions,
  placeholder,
  withoutPlaceholders,
} from './substitutions.ts';
import { framedWelcome } from './welcome.ts';

/** Texts of config.pck that are templates here. An empty footer means "no footer", so it replaces the shipped one. */
export const TEXTS = [
  { key: 'msg_header', name: 'list:member:regular:header', emptyCounts: false },
  { key: 'msg_footer', name: 'list:member:regular:footer', emptyCounts: true },
  { key: 'digest_header', name: 'list:member:digest:header', emptyCounts: false },
  { key: 'digest_footer', name: 'list:member:digest:footer', emptyCounts: true },
  { key: 'goodbye_msg', name: 'list:user:notice:goodbye', emptyCounts: false },
  { key: 'welcome_msg', name: 'list:user:notice:welcome', emptyCounts: false },
] as const;

/** The settings of Mailman 2.1 that become templates. */
export const TEMPLATE_KEYS: readonly string[] = TEXTS.map(({ key }) => key);

/** The templates that a config.pck decides about; they are for all languages. */
export const TEMPLATE_NAMES: ReadonlySet<string> = new Set(TEXTS.map(({ name }) => name));

/** Part of Mailman 2.1's web addresses, empty nearly everywhere. */
const RIGHTLY_EMPTY = new Set(['cgiext']);

/** The headers, footers and notices that a config.pck brings. */
export function convertTemplates(conversion: Conversion): Template[] {
  const templates: Template[] = [];
  for (const { key, name, emptyCounts } of TEXTS) {
    const original = textAt(conversion, key);
    if (original === undefined) {
      if (conversion.config.get(key) != null) keepOdd(conversion, key, 'is no text');
      continue;
    }
    if (original.trim() === '' && !emptyCounts) continue;
    const converted = convert(conversion, original);
    noteProblems(conversion, key, converted);
    templates.push({ name, language: '', source: { text: framed(conversion, key, converted.text) } });
  }
  return templates;
}

/** The list's own words of welcome, for templates that contain them. */
export function welcomeWords(conversion: Conversion): string {
  return convert(conversion, textAt(conversion, 'welcome_msg') ?? '').text.trim();
}

function framed(conversion: Conversion, key: string, text: string): string {
  return key === 'welcome_msg' ? framedWelcome(textAt(conversion, 'preferred_language'), text) : text;
}

function convert(conversion: Conversion, text: string): ConvertedText {
  const usesDollars = (numberAt(conversion, 'use_dollar_strings') ?? 0) !== 0;
  return convertSubstitutions(
    text,
    usesDollars ? 'dollar' : 'percent',
    replacements(conversion),
    RIGHTLY_EMPTY,
  );
}

function noteProblems({ notes }: Conversion, key: string, { unknown, dropped }: ConvertedText): void {
  for (const placeholder of new Set(unknown))
    notes.needsPerson(key, `${placeholder} is unknown and stays in the text as it is`);
  for (const placeholder of new Set(dropped))
    notes.changedMeaning(key, `${placeholder} is gone from the text: passwords are not mailed here`);
}

/** What Mailman 2.1 puts for each placeholder; fixed parts of its web addresses are written out. */
function replacements(conversion: Conversion): ReadonlyMap<string, string> {
  const web = withoutPlaceholders(textAt(conversion, 'web_page_url') ?? '');
  return new Map([
    ['real_name', placeholder('display_name')],
    ['list_name', placeholder('short_listname')],
    ['_internal_name', placeholder('short_listname')],
    ['host_name', placeholder('domain')],
    ['web_page_url', web],
    ['cgiext', ''],
    ['description', placeholder('description')],
    ['info', placeholder('info')],
    ['user_address', placeholder('user_email')],
    ['user_delivered_to', placeholder('user_delivered_to')],
    ['user_name', placeholder('user_name_or_address')],
    ['user_language', placeholder('user_language')],
    ['user_optionsurl', `${web}options/\${short_listname}/\${user_email_in_url}`],
    ['user_password', ''],
  ]);
}
