import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Template } from '../../src/model/template.ts';
import type { ImportPlan } from '../import21/convert.ts';
import type { Notes } from '../import21/report.ts';
import { TEMPLATE_NAMES, TEXTS } from '../import21/templates.ts';
import { unframedWelcome } from '../import21/welcome.ts';
import { numberOf, type PyDict } from '../pickle/values.ts';
import { newListConfig } from './defaults.ts';
import type { PythonValues } from './python-values.ts';

/** Placeholders of here, and what Mailman 2.1 calls them. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ['description', 'description'],
  ['display_name', 'real_name'],
  ['domain', 'host_name'],
  ['info', 'info'],
  ['short_listname', '_internal_name'],
  ['user_delivered_to', 'user_delivered_to'],
  ['user_email', 'user_address'],
  ['user_email_in_url', 'user_address'],
  ['user_language', 'user_language'],
  ['user_name_or_address', 'user_name'],
]);

/** What the texts of a list go back with. */
export interface TextsContext {
  readonly list: MailingList;
  /** Of the list, in all languages. */
  readonly templates: readonly Template[];
  /** What the dictionary means here: what is still so stays as it was. */
  readonly plan: ImportPlan;
  readonly values: PythonValues;
  readonly notes: Notes;
}

/**
 * Puts headers, footers and words of welcome and goodbye that were changed here into the dictionary, with the placeholders
 * of Mailman 2.1. A placeholder that it does not have stays as it is written here, and is named.
 */
export function writeTexts({ list, templates, plan, values, notes }: TextsContext, config: PyDict): void {
  const usesDollars = (numberOf(config.get('use_dollar_strings')) ?? 0) !== 0;
  for (const { key, name } of TEXTS) {
    const template = forAllLanguages(templates, name);
    const before = textOf(forAllLanguages(plan.templates, name));
    const text = textOf(template);
    if (template && text === undefined) {
      notes.needsPerson(key, 'is fetched from elsewhere here; it stays as it was');
      continue;
    }
    if (text === before) continue;
    if (text === undefined) {
      // The shipped text counts again.
      config.set(key, newListConfig(list).get(key) ?? values.bytes(''));
      continue;
    }
    const words = key === 'welcome_msg' ? unframedWelcome(list.settings.preferred_language, text) : text;
    if (words === undefined) {
      notes.needsPerson(key, 'was rewritten here, more than Mailman 2.1 can; it stays as it was');
      continue;
    }
    const converted = convert(words, usesDollars ? dollars : percents);
    for (const placeholder of new Set(converted.unknown))
      notes.needsPerson(key, `${placeholder} is unknown to Mailman 2.1 and stays in the text as it is`);
    config.set(key, values.bytes(converted.text));
  }
  const others = templates.filter(({ name, language }) => TEMPLATE_NAMES.has(name) && language !== '');
  if (others.length > 0)
    notes.needsPerson(
      'templates',
      `${others.length} texts for single languages are left out: Mailman 2.1 has one for all`,
    );
}

function forAllLanguages(templates: readonly Template[], wanted: string): Template | undefined {
  return templates.find(({ name, language }) => name === wanted && language === '');
}

function textOf(template: Template | undefined): string | undefined {
  return template && 'text' in template.source ? template.source.text : undefined;
}

/** How a text writes what stands for itself, and its placeholders. */
interface Syntax {
  readonly literal: (text: string) => string;
  readonly dollar: string;
  readonly placeholder: (name: string) => string;
}

const percents: Syntax = {
  literal: (text) => text.replaceAll('%', '%%'),
  dollar: '$',
  placeholder: (name) => `%(${name})s`,
};

const dollars: Syntax = {
  literal: (text) => text,
  dollar: '$$',
  placeholder: (name) => `\${${name}}`,
};

const PLACEHOLDER = /\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;

function convert(
  text: string,
  { literal, dollar, placeholder }: Syntax,
): { readonly text: string; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const converted = literal(text).replace(
    PLACEHOLDER,
    (written, bare: string | undefined, braced: string | undefined) => {
      if (written === '$$') return dollar;
      const name = OLD_NAMES.get(bare ?? braced ?? '');
      if (name === undefined) unknown.push(written);
      return name === undefined ? written : placeholder(name);
    },
  );
  return { text: converted, unknown };
}
