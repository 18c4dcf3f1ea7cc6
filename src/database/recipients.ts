import type { Role } from '../model/enums.ts';
import { systemPreferences } from '../model/preferences.ts';
import type { Connection } from './handle.ts';
import { readOnce, recall, remember, trustsReads } from './read-once.ts';
import { selectIn } from './rows.ts';
import { query } from './statement.ts';

/** A member as the delivery of a post needs it; of 100,000 of them nothing else is fetched. */
export interface PostRecipient {
  /** The key of the address. */
  readonly email: string;
  /** As the member writes it; mail goes there. */
  readonly originalEmail: string;
  /** Names of the topics that the member wants; null is all posts. */
  readonly topics: readonly string[] | null;
  readonly receiveUnmatchedTopics: boolean;
}

/** Who a copy of a post is made for. */
export interface RecipientPerson {
  readonly displayName: string;
  /** Null where nobody set one. */
  readonly language: string | null;
}

interface RecipientRow {
  readonly email: string;
  readonly original_email: string;
  readonly topics?: string | null;
  readonly receive_unmatched_topics?: number;
}

/** Which recipients of a list, and what has to be known of them. */
export interface RecipientQuery {
  /** Whether the choice of topics is needed. */
  readonly withTopics?: boolean;
  /** The key of somebody who is left out if they do not want their own posts. */
  readonly author?: string | undefined;
}

/** Recipients that are kept in memory for the next post in the same transaction. */
const MOST_REMEMBERED = 1000;

/** The members of a list whom posts reach one by one: regular delivery, not switched off. */
export async function regularRecipients(
  connection: Connection,
  listId: string,
  query: RecipientQuery = {},
): Promise<readonly PostRecipient[]> {
  if (!trustsReads(connection)) return readRecipients(connection, listId, query);
  const key = ['regular', listId, query.author ?? '', query.withTopics ?? false].join('\n');
  const known = recall<readonly PostRecipient[]>(connection, 'members', key);
  if (known) return known;
  const recipients = await readRecipients(connection, listId, query);
  if (recipients.length <= MOST_REMEMBERED) remember(connection, 'members', key, recipients);
  return recipients;
}

async function readRecipients(
  connection: Connection,
  listId: string,
  { withTopics = false, author }: RecipientQuery,
): Promise<PostRecipient[]> {
  const topics = withTopics ? ', member.topics, member.receive_unmatched_topics' : '';
  const rows = await query<RecipientRow>(
    connection,
    `SELECT member.email, member.original_email${topics} FROM ${memberships(connection)}
     WHERE member.list_id = ? AND member.role = 'member'
       AND ${preferred('delivery_mode')} = 'regular' AND ${preferred('delivery_status')} = 'enabled'
       AND (member.email <> ? OR ${preferred('receive_own_postings')} = 1)`,
    [listId, author ?? ''],
  );
  return rows.map(toRecipient);
}

/** All members of a list, also those with digests and those whose delivery is switched off. */
export async function allRecipients(connection: Connection, listId: string): Promise<PostRecipient[]> {
  const rows: RecipientRow[] = await connection('member')
    .where({ list_id: listId, role: 'member' })
    .select('email', 'original_email');
  return rows.map(toRecipient);
}

/** The addresses of owners and moderators whose delivery is not switched off, each once, as they are written. */
export async function administrators(connection: Connection, listId: string): Promise<string[]> {
  const rows: RecipientRow[] = await withPreferences(connection)
    .where('member.list_id', listId)
    .whereIn('member.role', ['owner', 'moderator'])
    .whereRaw('? = ?', [effective(connection, 'delivery_status'), 'enabled'])
    .orderBy('member.email')
    .select('member.email', 'member.original_email');
  return [...new Map(rows.map((row) => [row.email, row.original_email])).values()];
}

/** Which of these members of a list do not want posts from it that reach them directly; by key. */
export async function withoutListCopies(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const rows = await selectIn(keys, async (batch) => {
    const found: { email: string }[] = await withPreferences(connection)
      .where({ 'member.list_id': listId, 'member.role': 'member' })
      .whereIn('member.email', batch)
      .whereRaw('? = 0', [effective(connection, 'receive_list_copy')])
      .select('member.email');
    return found;
  });
  return new Set(rows.map(({ email }) => email));
}

/** A member who wants to know when a post of theirs went out; undefined where the address is none of them. */
export async function memberToAcknowledge(
  connection: Connection,
  listId: string,
  key: string,
): Promise<(RecipientPerson & { readonly originalEmail: string }) | undefined> {
  const read = () =>
    query<PersonRow>(
      connection,
      `SELECT member.email, member.original_email, member.display_name AS name, address.display_name AS address_name,
         person.display_name AS user_name,
         COALESCE(member.preferred_language, address.preferred_language, person.preferred_language) AS language
       FROM ${memberships(connection)}
       WHERE member.list_id = ? AND member.role = 'member' AND member.email = ?
         AND ${preferred('acknowledge_posts')} = 1`,
      [listId, key],
    );
  const [row] = await readOnce(connection, 'members', ['acknowledge', listId, key].join('\n'), read);
  return row && { ...toPerson(row), originalEmail: row.original_email };
}

/** The names under which an address is known on a list, as a member first, then as a nonmember. */
export async function memberNames(connection: Connection, listId: string, key: string): Promise<string[]> {
  const rows: PersonRow[] = await people(connection, listId, ['member', 'nonmember'])
    .where('member.email', key)
    .orderBy('member.role');
  return rows.map((row) => toPerson(row).displayName);
}

/** Names and languages of these members of a list, by key; for personalised copies. */
export async function recipientPeople(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<Map<string, RecipientPerson>> {
  const rows = await selectIn(keys, async (batch) => {
    const found: PersonRow[] = await people(connection, listId).whereIn('member.email', batch);
    return found;
  });
  return new Map(rows.map((row) => [row.email, toPerson(row)]));
}

interface PersonRow {
  readonly email: string;
  readonly original_email: string;
  readonly name: string;
  readonly address_name: string;
  readonly user_name: string | null;
  readonly language: string | null;
}

function people(connection: Connection, listId: string, roles: readonly Role[] = ['member']) {
  return withPreferences(connection)
    .where('member.list_id', listId)
    .whereIn('member.role', roles)
    .select('member.email', 'member.original_email', {
      name: 'member.display_name',
      address_name: 'address.display_name',
      user_name: 'user.display_name',
    })
    .select(
      connection.raw('COALESCE(??, ??, ??) AS language', [
        'member.preferred_language',
        'address.preferred_language',
        'user.preferred_language',
      ]),
    );
}

function toPerson(row: PersonRow): RecipientPerson {
  return { displayName: row.name || row.address_name || (row.user_name ?? ''), language: row.language };
}

/** Memberships with what their addresses and users prefer beside. */
export function withPreferences(connection: Connection) {
  return connection('member')
    .join('address', 'address.address_id', 'member.address_id')
    .leftJoin('user', 'user.user_id', 'address.user_id');
}

/** What applies of a preference: of the membership, the address, the user, else the system's. */
export function effective(connection: Connection, name: keyof typeof systemPreferences) {
  const initial = systemPreferences[name];
  return connection.raw('COALESCE(??, ??, ??, ?)', [
    `member.${name}`,
    `address.${name}`,
    `user.${name}`,
    typeof initial === 'boolean' ? Number(initial) : initial,
  ]);
}

/** The same for statements that are written out; `user` is a keyword of PostgreSQL. */
function memberships({ client }: Connection): string {
  const users = client.dialect === 'postgresql' ? '"user"' : 'user';
  return `member JOIN address ON address.address_id = member.address_id LEFT JOIN ${users} person ON person.user_id = address.user_id`;
}

function preferred(name: keyof typeof systemPreferences): string {
  const initial = systemPreferences[name];
  const value = typeof initial === 'boolean' ? Number(initial) : `'${initial}'`;
  return `COALESCE(member.${name}, address.${name}, person.${name}, ${value})`;
}

function toRecipient(row: RecipientRow): PostRecipient {
  return {
    email: row.email,
    originalEmail: row.original_email,
    topics: row.topics === null || row.topics === undefined ? null : (JSON.parse(row.topics) as string[]),
    receiveUnmatchedTopics: row.receive_unmatched_topics === 1,
  };
}
