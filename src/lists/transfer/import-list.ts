import { setPreferredAddress } from '../../database/addresses.ts';
import { replaceAutoresponses } from '../../database/autoresponses.ts';
import { insertBans } from '../../database/bans.ts';
import { findCutover } from '../../database/cutover.ts';
import { insertLastDigest } from '../../database/digest-recipients.ts';
import type { Connection } from '../../database/handle.ts';
import { replaceHeaderMatches } from '../../database/header-matches.ts';
import { deleteList, findList, insertList } from '../../database/lists.ts';
import { insertMembers } from '../../database/members.ts';
import { takenIds } from '../../database/people-of-list.ts';
import { putTemplate } from '../../database/templates.ts';
import { isValidDomain } from '../../model/email-address.ts';
import type { Role } from '../../model/enums.ts';
import { listIdOf, type MailingList, postingAddress } from '../../model/mailing-list.ts';
import { newId } from '../../model/uuid.ts';
import { CreateListError, ensureDomain, isValidListName, type ListRules } from '../create.ts';
import { importPeople } from './import-people.ts';
import type { ListFile } from './list-file.ts';
import { ListFileError } from './place.ts';
import { applyWaiting } from './waiting.ts';

/** How a list is brought in. */
export interface ImportListOptions {
  readonly rules: ListRules;
  /** Whether a domain that is missing is made too. */
  readonly createDomain: boolean;
  /** Whether a list that is there goes, with all that it has. */
  readonly replace: boolean;
}

/** What was brought in. */
export interface ListImported {
  readonly list: string;
  readonly list_id: string;
  readonly replaced: boolean;
  readonly members: Readonly<Record<Role, number>>;
  /** Users and addresses that were not known before. */
  readonly new_users: number;
  readonly new_addresses: number;
  readonly held_posts: number;
  readonly has_secrets: boolean;
}

/**
 * Makes the list of a file, in a transaction of the caller's. Identifiers stay where nobody has them; users and
 * addresses that are known stay as they are.
 * @throws CreateListError where the list exists, or cannot; ListFileError where it cannot be replaced
 */
export async function importList(
  connection: Connection,
  file: ListFile,
  { rules, createDomain, replace }: ImportListOptions,
): Promise<ListImported> {
  const { list, waiting } = file;
  checkName(list, rules);
  const existing =
    (await findList(connection, postingAddress(list))) ?? (await findList(connection, list.listId));
  if (existing) await giveWay(connection, list, existing, replace);
  await ensureDomain(connection, list.mailHost, createDomain, file.domainDescription);
  await insertList(connection, list);
  const people = await importPeople(connection, file);
  const taken = await takenIds(
    connection,
    'member',
    file.members.map(({ member }) => member.memberId),
  );
  const members = file.members.map(({ member, lastDigest }) => ({
    member: {
      ...member,
      memberId: taken.has(member.memberId) ? newId() : member.memberId,
      addressId: people.addressIds.get(member.email) ?? '',
    },
    lastDigest,
  }));
  await insertMembers(
    connection,
    members.map(({ member }) => member),
  );
  for (const { member, lastDigest } of members)
    if (lastDigest) await insertLastDigest(connection, member.memberId, lastDigest);
  for (const [userId, addressId] of people.preferred)
    await setPreferredAddress(connection, userId, addressId);
  await insertBans(
    connection,
    file.bans.map((email) => ({ listId: list.listId, email })),
  );
  await replaceHeaderMatches(connection, list.listId, file.headerMatches);
  for (const template of file.templates)
    await putTemplate(connection, { scope: 'list', listId: list.listId }, template);
  await replaceAutoresponses(connection, list.listId, file.autoresponses);
  await applyWaiting(connection, list.listId, waiting, people.userIds);
  const count = (role: Role): number => file.members.filter(({ member }) => member.role === role).length;
  return {
    list: postingAddress(list),
    list_id: list.listId,
    replaced: existing !== undefined,
    members: {
      member: count('member'),
      owner: count('owner'),
      moderator: count('moderator'),
      nonmember: count('nonmember'),
    },
    new_users: people.newUsers,
    new_addresses: people.newAddresses,
    held_posts: waiting.held.length,
    has_secrets: file.hasSecrets,
  };
}

function checkName(list: MailingList, rules: ListRules): void {
  const address = postingAddress(list);
  if (!isValidListName(list.listName, rules) || list.listName !== list.listName.toLowerCase())
    throw new CreateListError('name', `Illegal list name: ${address}`);
  // It goes into files that mail servers read, like the name.
  if (!isValidDomain(list.mailHost))
    throw new CreateListError('name', `Illegal domain name: ${JSON.stringify(list.mailHost)}`);
  // It may be that of the name which the list had first.
  if (!/^[^\s<>@/\p{Cc}]+\.[^\s<>@/\p{Cc}]+$/u.test(list.listId))
    throw new ListFileError(`${address}: list_id is no List-Id such as ${listIdOf(list)}`);
  const { preferred_language } = list.settings;
  if (!rules.languages.has(preferred_language))
    throw new CreateListError(
      'language',
      `${address}: settings.preferred_language: the language ${preferred_language} is not enabled here`,
    );
}

async function giveWay(
  connection: Connection,
  list: MailingList,
  existing: MailingList,
  replace: boolean,
): Promise<void> {
  const address = postingAddress(existing);
  if (!replace) throw new CreateListError('exists', `List already exists: ${address}`);
  if (existing.listId !== list.listId)
    throw new ListFileError(
      `${postingAddress(list)}: there is another list ${address} with List-Id ${existing.listId}`,
    );
  if (await findCutover(connection, existing.listId))
    throw new ListFileError(
      `${address}: the list is moving from a Mailman 2, or has moved, and is not replaced`,
    );
  await deleteList(connection, existing.listId);
}
