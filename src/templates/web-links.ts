import type { Config } from '../config/index.ts';
import { isOfThisMachine } from '../config/this-machine.ts';
import type { Say } from '../language/index.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';

/**
 * The page that carries out what a token confirms. Undefined where nobody has said in `[web] base_url` what people call the
 * pages.
 */
export function confirmUrl({ web }: Config, list: MailingList, token: string): string | undefined {
  const base = URL.parse(web.base_url);
  if (!web.enabled || !base || isOfThisMachine(base.hostname)) return undefined;
  const name = encodeURIComponent(postingAddress(list)).replaceAll('%40', '@').replaceAll('%2B', '+');
  return `${web.base_url.replace(/\/+$/, '')}/lists/${name}/confirm/${token}/`;
}

/** A paragraph that names that page, with an empty line before it; '' where there is none. */
export function confirmByWeb(config: Config, list: MailingList, token: string, say: Say): string {
  const url = confirmUrl(config, list, token);
  return url === undefined ? '' : `\n\n${say('confirm_by_web')}\n\n    ${url}`;
}
