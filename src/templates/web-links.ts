import type { Config } from '../config/index.ts';
import { isOfThisMachine } from '../config/this-machine.ts';
import type { Say } from '../language/index.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';

/** Where the pages are for others, without a slash at the end; undefined where `[web] base_url` is of this machine. */
export function publicBaseUrl({ web }: Config): string | undefined {
  const base = URL.parse(web.base_url);
  if (!web.enabled || !base || isOfThisMachine(base.hostname)) return undefined;
  return web.base_url.replace(/\/+$/, '');
}

/**
 * The page that carries out what a token confirms. Undefined where nobody has said in `[web] base_url` what people call the
 * pages.
 */
export function confirmUrl(config: Config, list: MailingList, token: string): string | undefined {
  const base = publicBaseUrl(config);
  if (base === undefined) return undefined;
  const name = encodeURIComponent(postingAddress(list)).replaceAll('%40', '@').replaceAll('%2B', '+');
  return `${base}/lists/${name}/confirm/${token}/`;
}

/** A paragraph that names that page, with an empty line before it; '' where there is none. */
export function confirmByWeb(config: Config, list: MailingList, token: string, say: Say): string {
  const url = confirmUrl(config, list, token);
  return url === undefined ? '' : `\n\n${say('confirm_by_web')}\n\n    ${url}`;
}
