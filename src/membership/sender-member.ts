import { findAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { findMembers } from '../database/members.ts';
import { domainKey } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Member } from '../model/member.ts';

/**
 * The membership that lets somebody post: also that of the same local part at a domain that the list calls equivalent
 * (`equivalent_domains` of Mailman 2.1: `example.com, mail.example.com; example.org, example.net`).
 */
export async function memberForPost(
  connection: Connection,
  { listId, settings }: MailingList,
  key: string,
): Promise<Member | undefined> {
  const own = await memberForSender(connection, listId, key);
  if (own || settings.equivalent_domains === '') return own;
  const others = equivalentKeys(key, settings.equivalent_domains);
  const members = await findMembers(connection, listId, 'member', others);
  return members.values().next().value;
}

function equivalentKeys(key: string, domains: string): string[] {
  const at = key.lastIndexOf('@');
  const domain = key.slice(at + 1);
  const groups = domains.split(';').map((group) => group.split(',').map((name) => domainKey(name.trim())));
  return groups
    .filter((group) => group.includes(domain))
    .flatMap((group) => group.filter((name) => name !== domain && name !== ''))
    .map((name) => `${key.slice(0, at)}@${name}`);
}

/** The membership through which somebody writes: of the address itself, else of another address of the same user. */
export async function memberForSender(
  connection: Connection,
  listId: string,
  key: string,
): Promise<Member | undefined> {
  const own = (await findMembers(connection, listId, 'member', [key])).get(key);
  if (own) return own;
  const address = await findAddress(connection, key);
  if (!address || address.userId === null || address.verifiedOn === null) return undefined;
  const others: string[] = await connection('address')
    .where('user_id', address.userId)
    .whereNot('email', key)
    .whereNotNull('verified_on')
    .pluck('email');
  const members = await findMembers(connection, listId, 'member', others);
  return members.values().next().value;
}
