import type { MailingList } from '../model/mailing-list.ts';
import type { Connection } from './handle.ts';

/** The part of a list that is long to read and seldom changes. */
export type StoredSettings = Pick<MailingList, 'settings' | 'legacySettings'>;

const known = new WeakMap<Connection, Map<string, StoredSettings>>();
const changing = new WeakSet<Connection>();
const trusting = new WeakSet<Connection>();

/**
 * The settings of a list, read once in a transaction. The queue works on many posts in one transaction, and each step
 * looks at its list.
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

/**
 * Lets a short transaction on a server go on with the settings that it has read first, though others may change them
 * meanwhile.
 */
export function trustSettings(connection: Connection): void {
  trusting.add(connection);
}

/** Whether `settingsOnce` may be asked. On SQLite nobody else can change anything until a transaction ends. */
export function knowsSettings(connection: Connection): boolean {
  return (
    trusting.has(connection) || (connection.client.dialect === 'sqlite3' && connection.isTransaction === true)
  );
}

/** To be called before settings change: from then on they are read each time, as a savepoint may undo the change. */
export function forgetSettings(connection: Connection): void {
  changing.add(connection);
  known.delete(connection);
}
