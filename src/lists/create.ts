import { findDomain, insertDomain } from '../database/domains.ts';
import { isDuplicate } from '../database/failures.ts';
import type { Connection } from '../database/handle.ts';
import { findList, insertList } from '../database/lists.ts';
import { FerrymanError } from '../errors.ts';
import { subscribe } from '../membership/subscribe.ts';
import { addressKey, isValidAddress, isValidDomain, type Mailbox } from '../model/email-address.ts';
import {
  type ListName,
  listIdOf,
  type MailingList,
  parsePostingAddress,
  postingAddress,
} from '../model/mailing-list.ts';
import { styledSettings } from '../model/styles.ts';
import { utcNow } from '../model/time.ts';

/** Why a list cannot be made; `problem` lets REST and the command line word it their own way. */
export class CreateListError extends FerrymanError {
  override name = 'CreateListError';
  readonly problem: 'exists' | 'name' | 'domain' | 'language' | 'owners';

  constructor(problem: CreateListError['problem'], message: string) {
    super(message);
    this.problem = problem;
  }
}

/** What is needed to make a list. */
export interface NewList {
  /** The posting address. */
  readonly address: string;
  readonly style: string;
  readonly language: string;
  readonly owners: readonly string[];
  /** Whether a domain that is missing is made too. */
  readonly createDomain: boolean;
}

/** What the configuration allows: `[mailman] listname_chars` as a character class, and the enabled languages. */
export interface ListRules {
  readonly nameCharacters: string;
  readonly languages: ReadonlySet<string>;
}

/**
 * Makes a list with its owners; unknown owners become users whose address is not verified.
 * @throws CreateListError
 */
export async function createList(
  connection: Connection,
  wanted: NewList,
  rules: ListRules,
): Promise<MailingList> {
  const name = parsePostingAddress(wanted.address);
  if (!name || !isValidListName(name.listName, rules) || !isValidDomain(name.mailHost)) {
    throw new CreateListError('name', `Illegal list name: ${wanted.address}`);
  }
  if (!rules.languages.has(wanted.language)) {
    throw new CreateListError('language', `Invalid language code: ${wanted.language}`);
  }
  const illegal = wanted.owners.filter((owner) => !canOwn(owner, name)).sort();
  if (illegal.length > 0)
    throw new CreateListError('owners', `Illegal owner addresses: ${illegal.join(', ')}`);
  // `a.b@c` and `a@b.c` would have the same List-Id.
  if ((await findList(connection, wanted.address)) || (await findList(connection, listIdOf(name)))) {
    throw existsAlready(name);
  }
  await ensureDomain(connection, name.mailHost, wanted.createDomain);
  const list: MailingList = {
    ...name,
    listId: listIdOf(name),
    settings: styledSettings(wanted.style, name.listName, wanted.language),
    legacySettings: {},
    createdAt: utcNow(),
    lastPostAt: null,
    digestLastSentAt: null,
    postId: 1,
    nextRequestId: 1,
    volume: 1,
    nextDigestNumber: 1,
    usenetWatermark: null,
  };
  try {
    await insertList(connection, list);
  } catch (error) {
    throw isDuplicate(error) ? existsAlready(name) : error;
  }
  const owners = wanted.owners.map((address): Mailbox => ({ address, displayName: '' }));
  await subscribe(connection, list, owners, { role: 'owner', verified: false });
  return list;
}

function existsAlready(name: ListName): CreateListError {
  return new CreateListError('exists', `List already exists: ${postingAddress(name)}`);
}

/** A list that owned itself would send its own notices to all members. */
function canOwn(owner: string, name: ListName): boolean {
  return isValidAddress(owner) && addressKey(owner) !== postingAddress(name);
}

/** Whether the configuration lets a list have this name. */
export function isValidListName(listName: string, rules: ListRules): boolean {
  return (
    new RegExp(`^(?:${rules.nameCharacters})+$`).test(listName) && isValidAddress(`${listName}@example.com`)
  );
}

/** Makes a domain where it is missing. @throws CreateListError where that is not wanted */
export async function ensureDomain(
  connection: Connection,
  mailHost: string,
  create: boolean,
  description: string | null = null,
): Promise<void> {
  if (await findDomain(connection, mailHost)) return;
  if (!create) throw new CreateListError('domain', `Undefined domain: ${mailHost}`);
  await insertDomain(connection, { mailHost, description, aliasDomain: null });
}
