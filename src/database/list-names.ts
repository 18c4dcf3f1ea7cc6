import { type AddressStage, parseStageDomain } from '../model/cutover.ts';
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

/** A domain of lists, and the stage that the address itself names. */
export interface FoundDomain {
  readonly mailHost: string;
  readonly stage: AddressStage | undefined;
}

/**
 * The domain that a mail domain stands for: itself, that whose `alias_domain` it is, or that whose lists are moving
 * (`observe.`, `alongside.` or `handover.` in front of its `alias_domain`).
 */
export async function findMailHost(connection: Connection, domain: string): Promise<FoundDomain | undefined> {
  const key = domainKey(domain);
  const mailHost = await ownDomain(connection, key);
  if (mailHost !== undefined) return { mailHost, stage: undefined };
  const staged = parseStageDomain(key);
  if (!staged) return undefined;
  const moving = await connection<{ mail_host: string }>('domain')
    .where('alias_domain', staged.aliasDomain)
    .first('mail_host');
  return moving && { mailHost: moving.mail_host, stage: staged.stage };
}

async function ownDomain(connection: Connection, key: string): Promise<string | undefined> {
  const rows = await connection<{ mail_host: string; alias_domain: string | null }>('domain')
    .where('mail_host', key)
    .orWhere('alias_domain', key)
    .select('mail_host', 'alias_domain');
  return (rows.find(({ mail_host }) => mail_host === key) ?? rows[0])?.mail_host;
}

/** The List-Ids of all lists that have this name, whatever their domain; sorted. */
export async function listIdsByName(connection: Connection, listName: string): Promise<string[]> {
  return connection('mailing_list')
    .where('list_name', listName.toLowerCase())
    .orderBy('list_id')
    .pluck<string[]>('list_id');
}
