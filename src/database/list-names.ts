import { domainKey } from '../model/email-address.ts';
import type { Connection } from './handle.ts';

/** Which of several list names of one domain exist. @returns List-Ids by list name */
export async function findListNames(
  connection: Connection,
  names: readonly string[],
  mailHost: string,
): Promise<Map<string, string>> {
  const rows = await connection<{ list_name: string; list_id: string }>('mailing_list')
    .where('mail_host', domainKey(mailHost))
    .whereIn('list_name', [...names])
    .select('list_name', 'list_id');
  return new Map(rows.map(({ list_name, list_id }) => [list_name, list_id]));
}

/** The domain that a mail domain stands for: itself, or that whose `alias_domain` it is. */
export async function findMailHost(connection: Connection, domain: string): Promise<string | undefined> {
  const key = domainKey(domain);
  const rows = await connection<{ mail_host: string; alias_domain: string | null }>('domain')
    .where('mail_host', key)
    .orWhere('alias_domain', key)
    .select('mail_host', 'alias_domain');
  return (rows.find(({ mail_host }) => mail_host === key) ?? rows[0])?.mail_host;
}
