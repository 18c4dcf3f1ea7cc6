import type { Knex } from 'knex';
import type { DatabaseLocation } from './url.ts';

/** What repositories work on: the database outside of a transaction, or one transaction. */
export type Connection = Knex;

export type Dialect = DatabaseLocation['dialect'];

/** The main database of an installation. */
export interface Database {
  readonly dialect: Dialect;
  /** For reading, and for single statements. Inside `transaction` only its own connection may be used. */
  readonly connection: Connection;
  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
