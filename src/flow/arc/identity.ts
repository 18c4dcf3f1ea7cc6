import { hostname } from 'node:os';
import { domainToASCII } from 'node:url';
import type { Config } from '../../config/index.ts';
import { substitute } from '../../config/substitute.ts';

/** As whom messages of a domain are checked and sealed, and with which key. */
export interface ArcIdentity {
  /** The authserv-id (RFC 8601 2.5). */
  readonly server: string;
  readonly domain: string;
  readonly selector: string;
  /** Path of the private key. */
  readonly keyFile: string;
}

/**
 * The identity for lists of a domain. `$mail_host` in `[ARC] authserv_id`, `domain`, `selector` and `privkey` stands for
 * that domain, so that each can have a key of its own. Without authserv_id the signing domain is the name.
 */
export function arcIdentity({ ARC }: Config, mailHost: string): ArcIdentity {
  const host = domainToASCII(mailHost) || mailHost;
  const fill = (text: string): string =>
    substitute(text, (name) => (name === 'mail_host' ? host : undefined));
  const domain = domainToASCII(fill(ARC.domain)) || host;
  return {
    server: fill(ARC.authserv_id) || domain || hostname(),
    domain,
    selector: fill(ARC.selector),
    keyFile: fill(ARC.privkey),
  };
}
