import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { cleanText } from '../model/text.ts';
import { type DurableHandle, endDurability, makeDurable } from './durability.ts';
import type { Dialect } from './handle.ts';
import { requireTransaction, transactionBegan, transactionEnded } from './lost-transaction.ts';

/** What all databases have in common beyond Knex. */
export interface ClientOptions {
  /** Turns what the driver throws into what callers get. */
  readonly describe: (error: unknown) => unknown;
  /** How long to wait for another process that is writing to the same SQLite file, in milliseconds. */
  readonly busyTimeout: number;
}

/** The parts of Knex's clients that are extended here; Knex does not declare them. */
interface Client {
  query(connection: unknown, query: unknown): Promise<unknown>;
  acquireConnection(): Promise<unknown>;
  prepBindings(bindings: readonly unknown[] | undefined): readonly unknown[] | undefined;
}

interface SqliteClient extends Client {
  _query(connection: SqliteHandle, query: { readonly sql: string }): Promise<unknown>;
  destroyRawConnection(connection: SqliteHandle): Promise<void>;
  transaction(...options: unknown[]): unknown;
}

interface SqliteTransaction {
  readonly trxClient: Client;
  _completed: boolean;
  _rejecter(error: unknown): void;
  begin(connection: SqliteHandle): Promise<unknown>;
  commit(connection: SqliteHandle, value: unknown): Promise<unknown>;
  rollback(connection: SqliteHandle, error: unknown): Promise<unknown>;
}

interface SqliteHandle extends DurableHandle {
  exec(sql: string): unknown;
}

type ClassOf<T> = new (...options: unknown[]) => T;

const MODULES = {
  sqlite: 'knex/lib/dialects/better-sqlite3/index.js',
  postgresql: 'knex/lib/dialects/postgres/index.js',
  mysql: 'knex/lib/dialects/mysql2/index.js',
};

const BUSY_RETRY_MS = 20;

/** Knex's client for a dialect, whose errors are described and whose texts are clean. */
export function clientFor(dialect: Dialect, options: ClientOptions): typeof Knex.Client {
  const require = createRequire(import.meta.url);
  const Base = baseClient(require, dialect, options);
  class DescribingClient extends Base {
    /** For statements that pass Knex by (statement.ts). */
    describeFailure(error: unknown): unknown {
      return options.describe(error);
    }

    override async query(connection: unknown, query: unknown): Promise<unknown> {
      try {
        return await super.query(connection, query);
      } catch (error) {
        throw options.describe(error);
      }
    }

    override async acquireConnection(): Promise<unknown> {
      try {
        return await super.acquireConnection();
      } catch (error) {
        throw options.describe(error);
      }
    }

    override prepBindings(bindings: readonly unknown[] | undefined): readonly unknown[] | undefined {
      return super
        .prepBindings(bindings)
        ?.map((value) => (typeof value === 'string' ? cleanText(value) : value));
    }
  }
  return DescribingClient as unknown as typeof Knex.Client;
}

function baseClient(require: NodeJS.Require, dialect: Dialect, options: ClientOptions): ClassOf<Client> {
  switch (dialect) {
    case 'sqlite':
      return sqliteClient(require, options);
    case 'postgresql':
      return postgresqlClient(require);
    case 'mysql':
      return require(MODULES.mysql);
  }
}

/**
 * Runs `attempt` again while another process has the SQLite file locked. SQLite could wait itself, but would stop the
 * whole process meanwhile.
 */
export async function whileBusy<T>(busyTimeout: number, attempt: () => T | Promise<T>): Promise<T> {
  const limit = Date.now() + busyTimeout;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (!/^SQLITE_(BUSY|LOCKED)/.test(code) || Date.now() >= limit) throw error;
      await sleep(BUSY_RETRY_MS * (0.5 + Math.random()));
    }
  }
}

/**
 * Transactions take the write lock at once: SQLite cannot wait for the lock in the middle of a transaction that has
 * read already, and fails there instead.
 */
function sqliteClient(require: NodeJS.Require, { busyTimeout }: ClientOptions): ClassOf<SqliteClient> {
  const Base: ClassOf<SqliteClient> = require(MODULES.sqlite);
  const Transaction: ClassOf<SqliteTransaction> = require('knex/lib/dialects/sqlite3/execution/sqlite-transaction.js');
  class ImmediateTransaction extends Transaction {
    override async begin(connection: SqliteHandle): Promise<unknown> {
      const result = await this.trxClient.query(connection, 'BEGIN IMMEDIATE;');
      transactionBegan(connection);
      return result;
    }

    override async commit(connection: SqliteHandle, value: unknown): Promise<unknown> {
      const result = await super.commit(connection, value);
      transactionEnded(connection);
      // A COMMIT that failed leaves its transaction open.
      if (connection.inTransaction) connection.exec('ROLLBACK');
      return result;
    }

    override async rollback(connection: SqliteHandle, error: unknown): Promise<unknown> {
      transactionEnded(connection);
      if (connection.inTransaction) return super.rollback(connection, error);
      // SQLite has rolled back by itself, as on a full disk.
      this._completed = true;
      return this._rejecter(error);
    }
  }
  return class extends Base {
    override async _query(connection: SqliteHandle, query: { readonly sql: string }): Promise<unknown> {
      requireTransaction(connection);
      const result = await whileBusy(busyTimeout, () => super._query(connection, query));
      await makeDurable(connection, query.sql);
      return result;
    }

    override async destroyRawConnection(connection: SqliteHandle): Promise<void> {
      endDurability(connection);
      await super.destroyRawConnection(connection);
    }

    override transaction(...options: unknown[]): unknown {
      return new ImmediateTransaction(this, ...options);
    }
  };
}

interface PgClient {
  readonly connection: { readonly stream: PgStream };
  connect(): Promise<unknown>;
}

interface PgStream {
  write(...values: unknown[]): boolean;
  cork(): void;
  uncork(): void;
  destroy(): void;
}

interface PgDriver {
  readonly Client: ClassOf<PgClient>;
}

/**
 * Where the driver gives up by itself, for want of a password, it leaves the connection open and the process waiting. And
 * it gives each statement to the system by itself.
 */
function postgresqlClient(require: NodeJS.Require): ClassOf<Client> {
  const Base: ClassOf<Client & { _driver(): PgDriver }> = require(MODULES.postgresql);
  return class extends Base {
    override _driver(): PgDriver {
      const driver = super._driver();
      class ClosingClient extends driver.Client {
        override async connect(): Promise<unknown> {
          try {
            const connected = await super.connect();
            gatherWrites(this.connection.stream);
            return connected;
          } catch (error) {
            this.connection.stream.destroy();
            throw error;
          }
        }
      }
      return { ...driver, Client: ClosingClient };
    }
  };
}

/** What is written in one turn of the event loop goes to the system at its end, in one piece. */
function gatherWrites(stream: PgStream): void {
  const write = stream.write.bind(stream);
  let isGathering = false;
  stream.write = (...values) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      process.nextTick(() => {
        isGathering = false;
        stream.uncork();
      });
    }
    return write(...values);
  };
}
