import { closeSync, openSync } from 'node:fs';
import createKnex, { type Knex } from 'knex';
import { type ClientOptions, clientFor, whileBusy } from './clients.ts';
import {
  type DurableHandle,
  endPostponing,
  flush,
  postponeDurability,
  watchDurability,
} from './durability.ts';
import { describeFailure } from './failures.ts';
import type { Database, QuickTransactions } from './handle.ts';
import { mainSchema, migrate, type Schema } from './migrate.ts';
import { type DatabaseLocation, hidePassword, parseDatabaseUrl, type ServerLocation } from './url.ts';

/** How long a process waits for another that is writing to the same SQLite file, in milliseconds. */
const SQLITE_BUSY_TIMEOUT = 30_000;

/** How long a server may take to accept a connection, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

const POOL_MAX = 10;

/** Pages of SQLite's log after which it is written into the database file, and the memory for pages of that file. */
const CHECKPOINT_PAGES = 4000;
const CACHE_KILOBYTES = 8000;

/** Statements do not wait for the answers of those before them; Knex's types do not know this setting of pg. */
const PIPELINING = { pipeline: true };

/** MariaDB's number of the collation utf8mb4_bin. */
const UTF8MB4_BIN = 46;

/** What may be set when a database is opened. */
export interface OpenOptions {
  /** How long to wait for another process that is writing to the same SQLite file, in milliseconds. */
  readonly sqliteBusyTimeout?: number;
  /** What the database is to have; that of a main database otherwise. */
  readonly schema?: Schema;
}

/**
 * Opens the database, bringing its schema up to date first.
 * @param url as in `[database] url`
 * @throws DatabaseError, as everything does that is done with the database
 */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  const location = parseDatabaseUrl(url);
  const shownUrl = hidePassword(url);
  if (location.dialect === 'sqlite') makePrivate(location.filename);
  const knex = createKnex(
    knexConfig(location, {
      describe: (error) => describeFailure(error, shownUrl),
      busyTimeout: options.sqliteBusyTimeout ?? timeoutOf(location) ?? SQLITE_BUSY_TIMEOUT,
    }),
  );
  const database: Database = {
    dialect: location.dialect,
    connection: knex,
    transaction: (work) => knex.transaction(work),
    ...(location.dialect === 'sqlite' ? { quick: quickTransactions(knex) } : {}),
    close: () => knex.destroy(),
  };
  try {
    await migrate(database, shownUrl, options.schema ?? mainSchema);
  } catch (error) {
    await knex.destroy();
    throw error;
  }
  return database;
}

const timeoutOf = (location: DatabaseLocation): number | undefined =>
  location.dialect === 'sqlite' ? location.busyTimeout : undefined;

/** SQLite itself would let everybody on the machine read a new file: held posts, hashes of passwords, tokens. */
function makePrivate(filename: string): void {
  if (filename.startsWith(':')) return;
  try {
    closeSync(openSync(filename, 'wx', 0o660));
  } catch {
    // It is there already, or SQLite says what is wrong.
  }
}

/** Knex would print to standard output, among the results of a command, what it throws anyway. */
const silence: Knex.Logger = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};

function knexConfig(location: DatabaseLocation, options: ClientOptions): Knex.Config {
  const common = { client: clientFor(location.dialect, options), compileSqlOnError: false, log: silence };
  switch (location.dialect) {
    case 'sqlite':
      return {
        ...common,
        connection: { filename: location.filename },
        useNullAsDefault: true,
        pool: { min: 1, max: 1, afterCreate: sqlitePreparation(options.busyTimeout) },
      };
    case 'postgresql':
      return {
        ...common,
        connection: {
          ...serverOptions(location.server),
          ...(location.server.tls ? { ssl: location.server.tls } : {}),
          connectionTimeoutMillis: CONNECT_TIMEOUT,
          ...PIPELINING,
        },
        pool: { min: 0, max: POOL_MAX },
      };
    case 'mysql':
      return {
        ...common,
        connection: {
          ...serverOptions(location.server),
          ...(location.server.socket ? { socketPath: location.server.socket } : {}),
          ...(location.server.tls ? { ssl: location.server.tls } : {}),
          connectTimeout: CONNECT_TIMEOUT,
          // Knex would take `charset` for the character set of new tables.
          charsetNumber: UTF8MB4_BIN,
        },
        pool: { min: 0, max: POOL_MAX, afterCreate: prepareMysql },
      };
  }
}

function serverOptions({ host, port, socket, user, password, database }: ServerLocation) {
  return { host: socket ?? host, port, user, password, database };
}

/** Statements that are kept; the last ones used stay. */
const MAX_STATEMENTS = 500;

/** Knex prepares every statement anew, which takes longer than most of them run. */
function keepStatements(handle: SqliteHandle): void {
  const prepare = handle.prepare.bind(handle);
  const kept = new Map<string, object>();
  handle.prepare = (sql) => {
    const statement = kept.get(sql) ?? prepare(sql);
    kept.delete(sql);
    kept.set(sql, statement);
    const [oldest] = kept.size > MAX_STATEMENTS ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    return statement;
  };
}

/** @see QuickTransactions */
function quickTransactions(knex: Knex): QuickTransactions {
  let last: DurableHandle | undefined;
  return {
    transaction: async (work) => {
      try {
        return await knex.transaction(async (connection) => {
          const handle: DurableHandle = await connection.client.acquireConnection();
          last = handle;
          postponeDurability(handle);
          return work(connection);
        });
      } finally {
        if (last) endPostponing(last);
      }
    },
    flush: async () => {
      if (last) await flush(last);
    },
  };
}

type Prepared = (error: Error | null, handle: unknown) => void;

interface SqliteHandle extends DurableHandle {
  pragma(source: string): unknown;
  prepare(sql: string): object;
}

function sqlitePreparation(busyTimeout: number) {
  return (handle: SqliteHandle, done: Prepared): void => {
    const prepare = () => {
      handle.pragma('busy_timeout = 0');
      handle.pragma('journal_mode = WAL');
      // Every COMMIT is brought to the disk by durability.ts, which does not stop the process meanwhile.
      handle.pragma('synchronous = NORMAL');
      handle.pragma('foreign_keys = ON');
      handle.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      handle.pragma(`cache_size = -${CACHE_KILOBYTES}`);
    };
    watchDurability(handle);
    keepStatements(handle);
    whileBusy(busyTimeout, prepare).then(
      () => done(null, handle),
      (error: Error) => done(error, handle),
    );
  };
}

/**
 * What the administrator of the server may have set otherwise: values that do not fit are errors instead of being cut
 * off, and a statement sees what others have committed, as on PostgreSQL, not what was there when the transaction began.
 */
const MYSQL_SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', foreign_key_checks = 1, unique_checks = 1, time_zone = '+00:00'",
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

interface MysqlHandle {
  query(sql: string, done: (error: Error | null) => void): unknown;
}

function prepareMysql(handle: MysqlHandle, done: Prepared): void {
  const [session = '', isolation = ''] = MYSQL_SESSION;
  handle.query(session, (error) => {
    if (error) done(error, handle);
    else handle.query(isolation, (failure) => done(failure, handle));
  });
}
