import type { Knex } from 'knex';
import { domainKey } from '../model/email-address.ts';
import { type ListName, type MailingList, parsePostingAddress } from '../model/mailing-list.ts';
import { changeSettings, initialSettings, type ListSettings } from '../model/settings/index.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';

interface ListRow {
  readonly list_id: string;
  readonly list_name: string;
  readonly mail_host: string;
  readonly settings: string;
  readonly legacy_settings: string;
  readonly created_at: UtcTime;
  readonly last_post_at: UtcTime | null;
  readonly digest_last_sent_at: UtcTime | null;
  readonly post_id: number;
  readonly next_request_id: number;
  readonly volume: number;
  readonly next_digest_number: number;
  readonly usenet_watermark: number | null;
}

/** All lists (of one domain), sorted by List-Id. */
export async function allLists(connection: Connection, mailHost?: string): Promise<MailingList[]> {
  const query = connection<ListRow>('mailing_list').orderBy('list_id');
  if (mailHost !== undefined) query.where('mail_host', domainKey(mailHost));
  return (await query).map(fromRow);
}

/** The names of all lists, sorted by List-Id. */
export async function allListNames(
  connection: Connection,
): Promise<(ListName & { readonly listId: string })[]> {
  const rows: Pick<ListRow, 'list_id' | 'list_name' | 'mail_host'>[] = await connection('mailing_list')
    .select('list_id', 'list_name', 'mail_host')
    .orderBy('list_id');
  return rows.map((row) => ({ listId: row.list_id, listName: row.list_name, mailHost: row.mail_host }));
}

/**
 * The list that a command line or URL names.
 * @param listSpec posting address (contains `@`) or List-Id, in any case
 */
export async function findList(connection: Connection, listSpec: string): Promise<MailingList | undefined> {
  const query = select(connection, listSpec);
  const row = await query?.first();
  return row && fromRow(row);
}

/** The same, with the row locked until the transaction ends, for a change that depends on what was read. */
export async function lockList(connection: Connection, listSpec: string): Promise<MailingList | undefined> {
  const query = select(connection, listSpec);
  const row = await (query && locked(connection, query))?.first();
  return row && fromRow(row);
}

export async function insertList(connection: Connection, list: MailingList): Promise<void> {
  await connection('mailing_list').insert(toRow(list));
}

/** Stores the list as it is given; counters that others may change at the same time need `lockList` before. */
export async function updateList(connection: Connection, list: MailingList): Promise<void> {
  await connection('mailing_list').where('list_id', list.listId).update(toRow(list));
}

/**
 * Changes some settings of a list, in a transaction. What others have changed since the list was read stays.
 * @returns the list as it was given, with the settings that are stored now
 */
export async function updateSettings(
  connection: Connection,
  list: MailingList,
  changes: Partial<ListSettings>,
): Promise<MailingList> {
  const query = connection<ListRow>('mailing_list').where('list_id', list.listId);
  const row = await locked(connection, query).first('settings');
  const settings = changeSettings(row ? settingsFromRow(row) : list.settings, changes);
  await connection('mailing_list')
    .where('list_id', list.listId)
    .update({ settings: JSON.stringify(settings) });
  return { ...list, settings };
}

/**
 * The number of the next post, which the list's counter then passes; in a transaction, where it is nobody else's.
 */
export async function takePostNumber(connection: Connection, listId: string): Promise<number> {
  await connection('mailing_list').where('list_id', listId).increment('post_id');
  const row = await connection<ListRow>('mailing_list').where('list_id', listId).first('post_id');
  return (row?.post_id ?? 1) - 1;
}

/**
 * Notes when the last post went out.
 * @param isCounted whether the post has taken its number already; else the counter moves on
 */
export async function notePost(
  connection: Connection,
  listId: string,
  { when, isCounted }: { readonly when: UtcTime; readonly isCounted: boolean },
): Promise<void> {
  const number = isCounted ? {} : { post_id: connection.raw('?? + 1', ['post_id']) };
  await connection('mailing_list')
    .where('list_id', listId)
    .update({ last_post_at: when, ...number });
}

/** Stores which digest a list sends next, and when it last sent one or changed the number; in a transaction that holds the list locked. */
export async function storeDigestNumbers(
  connection: Connection,
  {
    listId,
    volume,
    nextDigestNumber,
    digestLastSentAt,
  }: Pick<MailingList, 'listId' | 'volume' | 'nextDigestNumber' | 'digestLastSentAt'>,
): Promise<void> {
  await connection('mailing_list').where('list_id', listId).update({
    volume,
    next_digest_number: nextDigestNumber,
    digest_last_sent_at: digestLastSentAt,
  });
}

/** Removes the list with all that belongs to it. */
export async function deleteList(connection: Connection, listId: string): Promise<void> {
  await connection('mailing_list').where('list_id', listId).delete();
}

function select(connection: Connection, listSpec: string) {
  const query = connection<ListRow>('mailing_list');
  if (!listSpec.includes('@')) return query.where('list_id', domainKey(listSpec));
  const name = parsePostingAddress(listSpec);
  return name && query.where({ list_name: name.listName, mail_host: name.mailHost });
}

/** SQLite's transactions exclude each other anyway. */
function locked(connection: Connection, query: Knex.QueryBuilder<ListRow>) {
  return connection.client.dialect === 'sqlite3' ? query : query.forUpdate();
}

function toRow(list: MailingList): ListRow {
  return {
    list_id: list.listId,
    list_name: list.listName,
    mail_host: list.mailHost,
    settings: JSON.stringify(list.settings),
    legacy_settings: JSON.stringify(list.legacySettings),
    created_at: list.createdAt,
    last_post_at: list.lastPostAt,
    digest_last_sent_at: list.digestLastSentAt,
    post_id: list.postId,
    next_request_id: list.nextRequestId,
    volume: list.volume,
    next_digest_number: list.nextDigestNumber,
    usenet_watermark: list.usenetWatermark,
  };
}

/** A setting that is newer than the row has its initial value. */
function settingsFromRow({ settings }: Pick<ListRow, 'settings'>): ListSettings {
  return { ...initialSettings(), ...(JSON.parse(settings) as ListSettings) };
}

function fromRow(row: ListRow): MailingList {
  return {
    listId: row.list_id,
    listName: row.list_name,
    mailHost: row.mail_host,
    settings: settingsFromRow(row),
    legacySettings: JSON.parse(row.legacy_settings) as Record<string, unknown>,
    createdAt: row.created_at,
    lastPostAt: row.last_post_at,
    digestLastSentAt: row.digest_last_sent_at,
    postId: row.post_id,
    nextRequestId: row.next_request_id,
    volume: row.volume,
    nextDigestNumber: row.next_digest_number,
    usenetWatermark: row.usenet_watermark,
  };
}
