import type { PythonValues } from '../../../migrate/export21/python-values.ts';
import type { ImportPlan } from '../../../migrate/import21/convert.ts';
import { numberOf, type PyDict } from '../../../migrate/pickle/values.ts';
import type { Template } from '../../../src/model/template.ts';

/** Texts of Mailman 2.1 that are templates here. */
const TEXTS = [
  { key: 'msg_header', template: 'list:member:regular:header' },
  { key: 'msg_footer', template: 'list:member:regular:footer' },
  { key: 'digest_header', template: 'list:member:digest:header' },
  { key: 'digest_footer', template: 'list:member:digest:footer' },
  { key: 'goodbye_msg', template: 'list:user:notice:goodbye' },
] as const;

/** Placeholders of here, and what Mailman 2.1 calls them. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ['description', 'description'],
  ['display_name', 'real_name'],
  ['domain', 'host_name'],
  ['info', 'info'],
  ['short_listname', '_internal_name'],
  ['user_delivered_to', 'user_delivered_to'],
  ['user_email', 'user_address'],
  ['user_language', 'user_language'],
  ['user_name_or_address', 'user_name'],
]);

/**
 * Puts headers, footers and words of goodbye that were changed here into the dictionary, with the placeholders of
 * Mailman 2.1. One that it does not have stays as it is written here.
 * @param plan what the dictionary means here: what is still so stays as it was
 */
export function revertTexts(
  config: PyDict,
  plan: ImportPlan,
  templates: readonly Template[],
  values: PythonValues,
): void {
  const usesDollars = (numberOf(config.get('use_dollar_strings')) ?? 0) !== 0;
  for (const { key, template } of TEXTS) {
    const now = textOf(templates, template);
    if (now === textOf(plan.templates, template)) continue;
    config.set(key, values.bytes(usesDollars ? withDollars(now ?? '') : withPercents(now ?? '')));
  }
}

function textOf(templates: readonly Template[], wanted: string): string | undefined {
  const found = templates.find(({ name, language }) => name === wanted && language === '');
  return found && 'text' in found.source ? found.source.text : undefined;
}

const PLACEHOLDER = /\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;

function withPercents(text: string): string {
  return text
    .replaceAll('%', '%%')
    .replace(PLACEHOLDER, (written, bare: string | undefined, braced: string | undefined) => {
      if (written === '$$') return '$';
      const name = OLD_NAMES.get(bare ?? braced ?? '');
      return name === undefined ? written : `%(${name})s`;
    });
}

function withDollars(text: string): string {
  return text.replace(PLACEHOLDER, (written, bare: string | undefined, braced: string | undefined) => {
    const name = OLD_NAMES.get(bare ?? braced ?? '');
    return name === undefined ? written : `\${${name}}`;
  });
}
