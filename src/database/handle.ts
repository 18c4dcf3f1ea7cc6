import type { Knex } from 'knex';
import type { DatabaseLocation } from './url.ts';

/** What repositories work on: the database outside of a transaction, or one transaction. */
export type Connection = Knex;

export type Dialect = DatabaseLocation['dialect'];

/** A database of an installation: the main one, or that of the archive. */
export interface Database {
  readonly dialect: Dialect;
  /** For reading, and for single statements. Inside `transaction` only its own connection may be used. */
  readonly connection: Connection;
  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Only on SQLite. */
  readonly quick?: QuickTransactions;
  close(): Promise<void>;
}

/**
 * Transactions of which many may follow each other before the first is on disk: for who has much to write and can wait
 * to tell others until it is safe.
 */
export interface QuickTransactions {
  /** Returns when it is committed, which a power failure may still undo. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Resolves when all that was committed before is on disk. */
  flush(): Promise<void>;
}
