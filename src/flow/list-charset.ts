import type { Config } from '../config/index.ts';
import { languageOrDefault } from '../language/index.ts';
import type { MailingList } from '../model/mailing-list.ts';

/** The charset in which a list writes: that of its language. */
export function listCharset(config: Pick<Config, 'mailman' | 'languages'>, list: MailingList): string {
  return languageOrDefault(config, list.settings.preferred_language).charset;
}

/** In what mail in a language was written before UTF-8, by Mailman's code; windows-1252 is tried last anyway. */
const LEGACY: Readonly<Record<string, readonly string[]>> = {
  ...{ ja: ['euc-jp', 'shift_jis'], ko: ['euc-kr'], zh_CN: ['gb18030'], zh_TW: ['big5'] },
  ...{ cs: ['iso-8859-2'], hr: ['iso-8859-2'], hu: ['iso-8859-2'], pl: ['iso-8859-2'], sl: ['iso-8859-2'] },
  ...{ el: ['iso-8859-7'], he: ['iso-8859-8'], tr: ['iso-8859-9'], lt: ['iso-8859-13'] },
  ...{ ru: ['koi8-r'], uk: ['koi8-u'], bg: ['windows-1251'], ar: ['windows-1256'] },
};

/** Charsets in which mail to a list may be that does not say so, likeliest first. */
export function likelyCharsets(
  config: Pick<Config, 'mailman' | 'languages'>,
  list: MailingList,
): readonly string[] {
  return [listCharset(config, list), ...(LEGACY[list.settings.preferred_language] ?? [])];
}
