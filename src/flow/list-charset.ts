import type { Config } from '../config/index.ts';
import { languageOrDefault } from '../language/index.ts';
import type { MailingList } from '../model/mailing-list.ts';

/** The charset in which a list writes: that of its language. */
export function listCharset(config: Pick<Config, 'mailman' | 'languages'>, list: MailingList): string {
  return languageOrDefault(config, list.settings.preferred_language).charset;
}
