import type { Config } from '../config/index.ts';
import type { MailingList } from '../model/mailing-list.ts';

/** A news server, and who we are there. */
export interface NewsServer {
  readonly host: string;
  readonly port: number;
  /** '' where nobody logs in. */
  readonly user: string;
  readonly password: string;
}

const NNTP_PORT = 119;

/**
 * The news server of a list: its own (`nntp_host`, which came from Mailman 2.1: `HOST` or `HOST:PORT`), else that of
 * `[nntp]`; undefined where there is neither.
 */
export function newsServerOf({ nntp }: Config, { settings }: MailingList): NewsServer | undefined {
  const own = /^(?:\[([0-9a-f:]+)\]|([^\s:]+))(?::(\d{1,5}))?$/i.exec(settings.nntp_host);
  const host = own?.[1] ?? own?.[2] ?? nntp.host;
  if (host === undefined) return undefined;
  const port = own ? Number(own[3] ?? NNTP_PORT) : (nntp.port ?? NNTP_PORT);
  return { host, port, user: nntp.user, password: nntp.password };
}
