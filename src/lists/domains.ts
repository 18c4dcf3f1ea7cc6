import {
  allDomains,
  deleteDomain,
  findDomain,
  insertDomain,
  insertDomainOwner,
  updateDomain,
} from '../database/domains.ts';
import type { Connection } from '../database/handle.ts';
import { allLists } from '../database/lists.ts';
import { FerrymanError } from '../errors.ts';
import { ensureAddresses } from '../membership/people.ts';
import type { Domain } from '../model/domain.ts';
import { domainKey, isValidAddress, isValidDomain } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { UtcTime } from '../model/time.ts';
import { removeList } from './remove.ts';

/** A domain cannot be made or changed as wanted; `problem` lets each interface word it its own way. */
export class DomainError extends FerrymanError {
  override name = 'DomainError';
  readonly problem: 'exists' | 'name' | 'alias' | 'owner';

  constructor(problem: DomainError['problem'], message: string) {
    super(message);
    this.problem = problem;
  }
}

/** @throws DomainError exists, name, alias */
export async function createDomain(connection: Connection, wanted: Domain): Promise<Domain> {
  const domain: Domain = { ...wanted, mailHost: domainKey(wanted.mailHost) };
  if (!isValidDomain(domain.mailHost))
    throw new DomainError('name', `Illegal domain name: ${wanted.mailHost}`);
  if (await findDomain(connection, domain.mailHost))
    throw new DomainError('exists', `Domain already exists: ${domain.mailHost}`);
  const aliasDomain = await checkedAlias(connection, domain.mailHost, wanted.aliasDomain);
  await insertDomain(connection, { ...domain, aliasDomain });
  return { ...domain, aliasDomain };
}

/** Changes description or alias domain; what is left out stays. @throws DomainError alias */
export async function changeDomain(
  connection: Connection,
  { mailHost }: Domain,
  changes: Partial<Omit<Domain, 'mailHost'>>,
): Promise<void> {
  const { aliasDomain } = changes;
  await updateDomain(connection, mailHost, {
    ...changes,
    ...(aliasDomain === undefined
      ? {}
      : { aliasDomain: await checkedAlias(connection, mailHost, aliasDomain) }),
  });
}

/** An alias domain is a name of its own: what it stands for would not be clear otherwise. Empty is none. */
async function checkedAlias(
  connection: Connection,
  mailHost: string,
  alias: string | null,
): Promise<string | null> {
  if (alias === null || alias === '') return null;
  const key = domainKey(alias);
  if (!isValidDomain(key)) throw new DomainError('alias', `Illegal domain name: ${alias}`);
  const others = (await allDomains(connection)).filter((domain) => domain.mailHost !== mailHost);
  const taken = [mailHost, ...others.flatMap((domain) => [domain.mailHost, domain.aliasDomain])];
  if (taken.includes(key)) throw new DomainError('alias', `The domain ${key} is in use already`);
  return key;
}

/** Makes people owners of a domain; who is unknown becomes a user whose address is not verified. @throws DomainError owner */
export async function addDomainOwners(
  connection: Connection,
  { mailHost }: Domain,
  emails: readonly string[],
  now: UtcTime,
): Promise<void> {
  const illegal = emails.filter((email) => !isValidAddress(email));
  if (illegal.length > 0)
    throw new DomainError('owner', `Illegal owner addresses: ${illegal.sort().join(', ')}`);
  const mailboxes = emails.map((address) => ({ address, displayName: '' }));
  const addresses = await ensureAddresses(connection, mailboxes, null, now);
  for (const { userId } of addresses.values()) {
    if (userId !== null) await insertDomainOwner(connection, mailHost, userId);
  }
}

/** Removes a domain with its lists. @returns these */
export async function removeDomain(connection: Connection, { mailHost }: Domain): Promise<MailingList[]> {
  const lists = await allLists(connection, mailHost);
  for (const list of lists) await removeList(connection, list);
  await deleteDomain(connection, mailHost);
  return lists;
}
