import type { Config } from '../config/index.ts';
import { charsetsBeforeUtf8, languageOrDefault } from '../language/index.ts';
import type { MailingList } from '../model/mailing-list.ts';

/** The charset in which a list writes: that of its language. */
export function listCharset(config: Pick<Config, 'mailman' | 'languages'>, list: MailingList): string {
  return languageOrDefault(config, list.settings.preferred_language).charset;
}

/** Charsets in which mail to a list may be that does not say so, likeliest first. */
export function likelyCharsets(
  config: Pick<Config, 'mailman' | 'languages'>,
  list: MailingList,
): readonly string[] {
  return [listCharset(config, list), ...charsetsBeforeUtf8(list.settings.preferred_language)];
}
