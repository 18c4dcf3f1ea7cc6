import type { Config } from '../../config/index.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Choice } from './form-fields.ts';

/** The languages that members of a list may choose, by their own names where the browser's data knows them. */
export function offeredLanguages({ languages }: Pick<Config, 'languages'>, list: MailingList): Choice[] {
  const { available_languages, preferred_language } = list.settings;
  return [...languages.values()]
    .filter(
      ({ code, enabled }) =>
        code === preferred_language ||
        (enabled && (available_languages.length === 0 || available_languages.includes(code))),
    )
    .map(({ code, description }) => [code, ownName(code) ?? description] as const)
    .sort(([, a], [, b]) => (a < b ? -1 : 1));
}

function ownName(code: string): string | undefined {
  try {
    const tag = code.replace('_', '-');
    const name = new Intl.DisplayNames([tag], { type: 'language', fallback: 'none' }).of(tag);
    return name && name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    // Not every code of Mailman is one of BCP 47.
    return undefined;
  }
}
