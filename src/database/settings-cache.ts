import type { MailingList } from '../model/mailing-list.ts';
import type { Connection } from './handle.ts';

/** The part of a list that is long to read and seldom changes. */
export type StoredSettings = Pick<MailingList, 'settings' | 'legacySettings'>;

const known = new WeakMap<Connection, Map<string, StoredSettings>>();
const changing = new WeakSet<Connection>();

/**
 * The settings of a list, read once in a transaction on SQLite: until that ends, nobody else can change them. The queue
 * works on many posts in one transaction, and each step looks at its list.
 */
export async function settingsOnce(
  connection: Connection,
  listId: string,
  read: () => Promise<StoredSettings>,
): Promise<StoredSettings> {
  const lists = known.get(connection) ?? new Map<string, StoredSettings>();
  const settings = lists.get(listId) ?? (await read());
  if (!changing.has(connection)) known.set(connection, lists.set(listId, settings));
  return settings;
}

/** Whether `settingsOnce` may be asked. */
export function knowsSettings(connection: Connection): boolean {
  return connection.client.dialect === 'sqlite3' && connection.isTransaction === true;
}

/** To be called before settings change: from then on they are read each time, as a savepoint may undo the change. */
export function forgetSettings(connection: Connection): void {
  changing.add(connection);
  known.delete(connection);
}
