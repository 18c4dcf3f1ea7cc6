import type { Config } from '../config/index.ts';
import { likelyCharsets } from '../flow/list-charset.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { ListTraits } from './store/incoming.ts';

/** What the archive has to know of a list to understand its mail. */
export function listTraits(config: Pick<Config, 'mailman' | 'languages'>, list: MailingList): ListTraits {
  return { subjectPrefix: list.settings.subject_prefix, charsets: likelyCharsets(config, list) };
}
