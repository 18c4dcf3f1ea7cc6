import { domainKey } from '../model/email-address.ts';
import { type ListName, type MailingList, parsePostingAddress } from '../model/mailing-list.ts';
import { changeSettings, initialSettings, type ListSettings } from '../model/settings/index.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import {
  forgetAllReads,
  forgetReads,
  isSteady,
  readOnce,
  recall,
  remember,
  remembered,
  trustsReads,
} from './read-once.ts';
import { selectIn } from './rows.ts';
import { execute, query } from './statement.ts';

/** The part of a list that is long to read and seldom changes. */
type StoredSettings = Pick<MailingList, 'settings' | 'legacySettings'>;

interface SettingsRow {
  readonly settings: string;
  readonly legacy_settings: string;
}

interface CounterRow {
  readonly list_id: string;
  readonly list_name: string;
  readonly mail_host: string;
  readonly created_at: UtcTime;
  readonly last_post_at: UtcTime | null;
  readonly digest_last_sent_at: UtcTime | null;
  readonly post_id: number;
  readonly next_request_id: number;
  readonly volume: number;
  readonly next_digest_number: number;
  readonly usenet_watermark: number | null;
}

/** A row of the table `mailing_list`. */
export interface ListRow extends CounterRow, SettingsRow {}

const COUNTERS =
  'list_id, list_name, mail_host, created_at, last_post_at, digest_last_sent_at, post_id, next_request_id, volume, next_digest_number, usenet_watermark';

const LOCK_CLAUSES: Readonly<Record<string, string>> = {
  postgresql: ' FOR NO KEY UPDATE',
  mysql: ' FOR UPDATE',
};

const NO_SETTINGS: SettingsRow = { settings: '{}', legacy_settings: '{}' };

/** All lists (of one domain), sorted by List-Id. */
export async function allLists(connection: Connection, mailHost?: string): Promise<MailingList[]> {
  const rows = connection<ListRow>('mailing_list').orderBy('list_id');
  if (mailHost !== undefined) rows.where('mail_host', domainKey(mailHost));
  return (await rows).map(listFromRow);
}

/** The lists with these List-Ids, in no particular order. */
export async function findLists(connection: Connection, listIds: readonly string[]): Promise<MailingList[]> {
  const rows = await selectIn(listIds, (batch) =>
    connection<ListRow>('mailing_list').whereIn('list_id', [...batch]),
  );
  return rows.map(listFromRow);
}

/** The names of all lists, sorted by List-Id. */
export async function allListNames(
  connection: Connection,
): Promise<(ListName & { readonly listId: string; readonly isImported: boolean })[]> {
  const rows: Pick<ListRow, 'list_id' | 'list_name' | 'mail_host' | 'legacy_settings'>[] = await connection(
    'mailing_list',
  )
    .select('list_id', 'list_name', 'mail_host')
    .select(connection.raw("CASE WHEN legacy_settings = '{}' THEN '{}' ELSE '' END AS legacy_settings"))
    .orderBy('list_id');
  return rows.map((row) => ({
    listId: row.list_id,
    listName: row.list_name,
    mailHost: row.mail_host,
    isImported: row.legacy_settings !== '{}',
  }));
}

/**
 * The list that a command line or URL names.
 * @param listSpec posting address (contains `@`) or List-Id, in any case
 */
export async function findList(connection: Connection, listSpec: string): Promise<MailingList | undefined> {
  return readList(connection, listSpec, '');
}

/** The same for who does not look at its counters: they may be older than those that the transaction would read now. */
export async function findListToName(
  connection: Connection,
  listId: string,
): Promise<MailingList | undefined> {
  return readOnce(connection, 'lists', listId, () => findList(connection, listId));
}

/** The same, with the row locked until the transaction ends, for a change that depends on what was read. */
export async function lockList(connection: Connection, listSpec: string): Promise<MailingList | undefined> {
  return readList(connection, listSpec, lockClause(connection));
}

/** The same for who changes its counters only: its settings may be those that the transaction has read before. */
export async function lockCounters(
  connection: Connection,
  listSpec: string,
): Promise<MailingList | undefined> {
  return knowsSettings(connection)
    ? readList(connection, listSpec, lockClause(connection), true)
    : lockList(connection, listSpec);
}

/**
 * Locks a list in the same way for as long as the transaction lasts, which then need not read its counters again; a list
 * that there is not needs no lock.
 */
export async function holdList(connection: Connection, listId: string): Promise<void> {
  await readCounters(connection, ['list_id = ?', [listId]], lockClause(connection));
}

/** Stores a new list. */
export async function insertList(connection: Connection, list: MailingList): Promise<void> {
  forgetList(connection);
  await connection('mailing_list').insert(toRow(list));
}

/** Stores the list as it is given; counters that others may change at the same time need `lockList` before. */
export async function updateList(connection: Connection, list: MailingList): Promise<void> {
  forgetList(connection);
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
  forgetList(connection);
  const [row] = await query<Pick<ListRow, 'settings'>>(
    connection,
    `SELECT settings FROM mailing_list WHERE list_id = ?${lockClause(connection)}`,
    [list.listId],
  );
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
  forgetReads(connection, 'counters');
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
  await execute(
    connection,
    'UPDATE mailing_list SET last_post_at = ?, post_id = post_id + ? WHERE list_id = ?',
    [when, isCounted ? 0 : 1, listId],
  );
  const row = recall<CounterRow>(connection, 'counters', listId);
  if (!row) return;
  const post_id = row.post_id + (isCounted ? 0 : 1);
  remember(connection, 'counters', listId, { ...row, last_post_at: when, post_id });
}

/**
 * Notes the last article that a list got from its newsgroup.
 * @param from the one that is noted so far
 * @returns whether it still was
 */
export async function advanceWatermark(
  connection: Connection,
  listId: string,
  from: number | null,
  to: number,
): Promise<boolean> {
  forgetReads(connection, 'counters');
  const row = connection<ListRow>('mailing_list').where('list_id', listId);
  if (from === null) row.whereNull('usenet_watermark');
  else row.where('usenet_watermark', from);
  return (await row.update({ usenet_watermark: to })) > 0;
}

/** The lists that get the articles of a newsgroup. */
export async function listsGatedToMail(connection: Connection): Promise<MailingList[]> {
  // Few lists do; not all are worth reading for them.
  const ids = await connection<ListRow>('mailing_list')
    .where('settings', 'like', '%"gateway_to_mail":true%')
    .orderBy('list_id')
    .pluck('list_id');
  const lists = await Promise.all(ids.map((listId: string) => findList(connection, listId)));
  return lists.filter((list) => list?.settings.gateway_to_mail) as MailingList[];
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
  forgetReads(connection, 'counters');
  await connection('mailing_list').where('list_id', listId).update({
    volume,
    next_digest_number: nextDigestNumber,
    digest_last_sent_at: digestLastSentAt,
  });
}

/** Removes the list with all that belongs to it. */
export async function deleteList(connection: Connection, listId: string): Promise<void> {
  // With its members, bans and whatever else refers to it.
  forgetAllReads(connection);
  await connection('mailing_list').where('list_id', listId).delete();
}

/**
 * @param lock what follows the statement
 * @param isForCounters whether the list will not be stored whole
 */
async function readList(
  connection: Connection,
  listSpec: string,
  lock: string,
  isForCounters = lock === '',
): Promise<MailingList | undefined> {
  const condition = conditionFor(listSpec);
  if (!condition) return undefined;
  const [sql, values] = condition;
  // Who locks a list may store it whole, with what others have set until then.
  if (!isForCounters || !knowsSettings(connection)) {
    const [row] = await query<ListRow>(connection, `SELECT * FROM mailing_list WHERE ${sql}${lock}`, values);
    return row && fromRow(row, storedSettings(row));
  }
  const held = recall<CounterRow>(connection, 'counters', listSpec);
  const row = held ?? (await readCounters(connection, condition, lock));
  if (!row) return undefined;
  const settings = await remembered(connection, 'settings', row.list_id, async () => {
    const [texts = NO_SETTINGS] = await query<SettingsRow>(
      connection,
      'SELECT settings, legacy_settings FROM mailing_list WHERE list_id = ?',
      [row.list_id],
    );
    return storedSettings(texts);
  });
  return fromRow(row, settings);
}

/** Remembers them where nobody else can change them until the transaction ends. */
async function readCounters(
  connection: Connection,
  [condition, values]: [sql: string, values: string[]],
  lock: string,
): Promise<CounterRow | undefined> {
  const [row] = await query<CounterRow>(
    connection,
    `SELECT ${COUNTERS} FROM mailing_list WHERE ${condition}${lock}`,
    values,
  );
  const isOurs = lock !== '' || isSteady(connection);
  if (row && isOurs && trustsReads(connection)) remember(connection, 'counters', row.list_id, row);
  return row;
}

/** Whether the settings of lists may be those that were read before. */
function knowsSettings(connection: Connection): boolean {
  return trustsReads(connection) || isSteady(connection);
}

function forgetList(connection: Connection): void {
  for (const kind of ['lists', 'settings', 'counters'] as const) forgetReads(connection, kind);
}

function conditionFor(listSpec: string): [sql: string, values: string[]] | undefined {
  if (!listSpec.includes('@')) return ['list_id = ?', [domainKey(listSpec)]];
  const name = parsePostingAddress(listSpec);
  return name && ['mail_host = ? AND list_name = ?', [name.mailHost, name.listName]];
}

/**
 * SQLite's transactions exclude each other anyway. On PostgreSQL a row that refers to the list may be stored all the same:
 * with FOR UPDATE, two that each had stored one would wait for each other.
 */
function lockClause({ client }: Connection): string {
  return LOCK_CLAUSES[client.dialect] ?? '';
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

/** A list as its row has it. */
export function listFromRow(row: ListRow): MailingList {
  return fromRow(row, storedSettings(row));
}

function storedSettings(row: SettingsRow): StoredSettings {
  return {
    settings: settingsFromRow(row),
    legacySettings: JSON.parse(row.legacy_settings) as Record<string, unknown>,
  };
}

function fromRow(row: CounterRow, settings: StoredSettings): MailingList {
  return {
    ...settings,
    listId: row.list_id,
    listName: row.list_name,
    mailHost: row.mail_host,
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
