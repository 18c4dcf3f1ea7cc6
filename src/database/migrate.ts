import { DatabaseError, isMissingTable } from './failures.ts';
import type { Connection, Database, Dialect } from './handle.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { tableCreator } from './migrations/tables.ts';

/** What a database is to have: a list of steps, and the table that counts those done. */
export interface Schema {
  readonly versionTable: string;
  readonly steps: readonly Migration[];
}

/** The schema of an installation's main database. */
export const mainSchema: Schema = { versionTable: 'schema_version', steps: migrations };

/** Tables of GNU Mailman 3, whose database an existing mailman.cfg names. Some of ours have the same name. */
const MAILMAN3_TABLES = ['alembic_version', 'mailinglist', 'member', 'address', 'user', 'domain'];

/** PostgreSQL's and MariaDB's advisory locks have a name; any constant that nobody else uses will do. */
const LOCK_NUMBER = 727_362_112;
const LOCK_NAME = 'ferryman-migrations';
const LOCK_WAIT_SECONDS = 120;

/**
 * Brings the schema up to date. Two processes that start at once take turns: the second finds the work done.
 * @param shownUrl the database's URL for messages
 * @throws DatabaseError where the database was written by a newer Ferryman, or belongs to another program
 */
export async function migrate(
  database: Database,
  shownUrl: string,
  schema: Schema = mainSchema,
): Promise<void> {
  if ((await currentVersion(database.connection, schema)) === schema.steps.length) return;
  await database.transaction(async (connection) => {
    const unlock = await lock(connection, database.dialect, shownUrl);
    try {
      await runMissing(connection, database.dialect, shownUrl, schema);
    } finally {
      // Where the connection is gone, so is the lock.
      await unlock().catch(() => {});
    }
  });
}

async function runMissing(
  connection: Connection,
  dialect: Dialect,
  shownUrl: string,
  schema: Schema,
): Promise<void> {
  const { versionTable, steps } = schema;
  if (!(await connection.schema.hasTable(versionTable))) {
    await refuseForeignTables(connection, shownUrl);
    await refuseOtherEncoding(connection, dialect, shownUrl);
    await tableCreator(connection, dialect)(versionTable, (table) => {
      table.integer('version').primary();
      table.string('name', 100).notNullable();
    });
  }
  const version = (await currentVersion(connection, schema)) ?? 0;
  if (version > steps.length) {
    throw new DatabaseError(
      `Database ${shownUrl} has schema ${version}, this Ferryman knows ${steps.length}: it was used by a newer version`,
    );
  }
  for (const [index, { name, up }] of steps.entries()) {
    if (index < version) continue;
    await up(connection, dialect);
    await connection(versionTable).insert({ version: index + 1, name });
  }
}

async function refuseForeignTables(connection: Connection, shownUrl: string): Promise<void> {
  for (const table of MAILMAN3_TABLES) {
    if (await connection.schema.hasTable(table)) {
      throw new DatabaseError(
        `Database ${shownUrl} belongs to another program, such as GNU Mailman 3 (it has a table ${table}): give Ferryman one of its own`,
      );
    }
  }
}

/** MariaDB's tables have an encoding of their own, SQLite knows no other. */
async function refuseOtherEncoding(
  connection: Connection,
  dialect: Dialect,
  shownUrl: string,
): Promise<void> {
  if (dialect !== 'postgresql') return;
  const { rows } = await connection.raw<{ rows: { server_encoding: string }[] }>('SHOW server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding !== 'UTF8') {
    throw new DatabaseError(
      `Database ${shownUrl} has the encoding ${encoding}: create it with ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
}

/**
 * On SQLite the transaction itself holds the write lock.
 * @returns what gives up the lock where the end of the transaction does not
 */
async function lock(
  connection: Connection,
  dialect: Dialect,
  shownUrl: string,
): Promise<() => Promise<void>> {
  if (dialect === 'postgresql') await connection.raw('SELECT pg_advisory_xact_lock(?)', [LOCK_NUMBER]);
  if (dialect !== 'mysql') return async () => {};
  // The lock belongs to the whole server, where several installations may have a database each.
  const name = connection.raw("CONCAT(?, '-', MD5(DATABASE()))", [LOCK_NAME]);
  const [rows] = await connection.raw<[{ taken: number | null }[]]>('SELECT GET_LOCK(?, ?) AS taken', [
    name,
    LOCK_WAIT_SECONDS,
  ]);
  if (rows?.[0]?.taken !== 1) {
    throw new DatabaseError(
      `Database ${shownUrl} is being brought up to date by another process for too long`,
    );
  }
  return async () => {
    await connection.raw('SELECT RELEASE_LOCK(?)', [name]);
  };
}

/** Null where there is no schema at all yet. */
async function currentVersion(connection: Connection, { versionTable }: Schema): Promise<number | null> {
  try {
    const row = await connection(versionTable)
      .max({ version: 'version' })
      .first<{ version: number | null }>();
    return row?.version ?? 0;
  } catch (error) {
    if (!connection.isTransaction && isMissingTable(error)) return null;
    throw error;
  }
}
