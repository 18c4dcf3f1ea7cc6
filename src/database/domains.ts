import type { Domain } from '../model/domain.ts';
import { domainKey } from '../model/email-address.ts';
import type { Connection } from './handle.ts';
import { forgetAllReads } from './read-once.ts';

interface DomainRow {
  readonly mail_host: string;
  readonly description: string | null;
  readonly alias_domain: string | null;
}

/** All domains, sorted by name. */
export async function allDomains(connection: Connection): Promise<Domain[]> {
  return (await connection<DomainRow>('domain').orderBy('mail_host')).map(fromRow);
}

/** A domain by its mail host. */
export async function findDomain(connection: Connection, mailHost: string): Promise<Domain | undefined> {
  const row = await connection<DomainRow>('domain').where('mail_host', domainKey(mailHost)).first();
  return row && fromRow(row);
}

/** Stores a new domain. */
export async function insertDomain(connection: Connection, domain: Domain): Promise<void> {
  await connection('domain').insert({
    mail_host: domainKey(domain.mailHost),
    description: domain.description,
    alias_domain: domain.aliasDomain,
  });
}

/** Changes what is given of a domain. */
export async function updateDomain(
  connection: Connection,
  mailHost: string,
  changes: Partial<Omit<Domain, 'mailHost'>>,
): Promise<void> {
  const columns = {
    ...(changes.description !== undefined ? { description: changes.description } : {}),
    ...(changes.aliasDomain !== undefined ? { alias_domain: changes.aliasDomain } : {}),
  };
  if (Object.keys(columns).length === 0) return;
  await connection('domain').where('mail_host', domainKey(mailHost)).update(columns);
}

/** Removes the domain; its lists must be gone. */
export async function deleteDomain(connection: Connection, mailHost: string): Promise<void> {
  forgetAllReads(connection);
  await connection('domain').where('mail_host', domainKey(mailHost)).delete();
}

/** The user ids of a domain's owners. */
export async function domainOwners(connection: Connection, mailHost: string): Promise<string[]> {
  return connection('domain_owner')
    .where('mail_host', domainKey(mailHost))
    .orderBy('user_id')
    .pluck('user_id');
}

/** Makes a user an owner of a domain. */
export async function insertDomainOwner(
  connection: Connection,
  mailHost: string,
  userId: string,
): Promise<void> {
  await connection('domain_owner')
    .insert({ mail_host: domainKey(mailHost), user_id: userId })
    .onConflict(['mail_host', 'user_id'])
    .ignore();
}

/** Makes one user the owner of all domains that another owns. */
export async function handOverDomains(
  connection: Connection,
  fromUserId: string,
  toUserId: string,
): Promise<void> {
  const hosts: string[] = await connection('domain_owner').where('user_id', fromUserId).pluck('mail_host');
  for (const mailHost of hosts) await insertDomainOwner(connection, mailHost, toUserId);
}

/** Takes all owners from a domain. */
export async function deleteDomainOwners(connection: Connection, mailHost: string): Promise<void> {
  await connection('domain_owner').where('mail_host', domainKey(mailHost)).delete();
}

function fromRow(row: DomainRow): Domain {
  return { mailHost: row.mail_host, description: row.description, aliasDomain: row.alias_domain };
}
