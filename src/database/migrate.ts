import type { Connection, Database, Dialect } from './handle.ts';
import { migrations } from './migrations/index.ts';
import { DatabaseError } from './url.ts';

/** One step of the schema, numbered by its place in the list. Written so that running it again after a kill is harmless. */
export interface Migration {
  readonly name: string;
  readonly up: (connection: Connection, dialect: Dialect) => Promise<void>;
}

const TABLE = 'schema_version';

/** PostgreSQL's and MariaDB's advisory locks have a name; any constant that nobody else uses will do. */
const LOCK_NUMBER = 727_362_112;
const LOCK_NAME = 'ferryman-migrations';
const LOCK_WAIT_SECONDS = 120;

/**
 * Brings the schema up to date. Two processes that start at once take turns: the second finds the work done.
 * @throws DatabaseError where the database was written by a newer Ferryman
 */
export async function migrate(database: Database): Promise<void> {
  if ((await currentVersion(database.connection)) === migrations.length) return;
  await database.connection.transaction(async (connection) => {
    await lock(connection, database.dialect);
    try {
      await runMissing(connection, database.dialect);
    } finally {
      if (database.dialect === 'mysql') await connection.raw('SELECT RELEASE_LOCK(?)', [LOCK_NAME]);
    }
  });
}

async function runMissing(connection: Connection, dialect: Dialect): Promise<void> {
  if (!(await connection.schema.hasTable(TABLE))) {
    await connection.schema.createTable(TABLE, (table) => {
      table.integer('version').primary();
      table.string('name', 100).notNullable();
    });
  }
  const version = (await currentVersion(connection)) ?? 0;
  if (version > migrations.length) {
    throw new DatabaseError(
      `The database has schema ${version}, this Ferryman knows ${migrations.length}: it was used by a newer version`,
    );
  }
  for (const [index, { name, up }] of migrations.entries()) {
    if (index < version) continue;
    await up(connection, dialect);
    await connection(TABLE).insert({ version: index + 1, name });
  }
}

/** On SQLite the transaction itself holds the write lock. */
async function lock(connection: Connection, dialect: Dialect): Promise<void> {
  if (dialect === 'postgresql') await connection.raw('SELECT pg_advisory_xact_lock(?)', [LOCK_NUMBER]);
  if (dialect === 'mysql') await connection.raw('SELECT GET_LOCK(?, ?)', [LOCK_NAME, LOCK_WAIT_SECONDS]);
}

async function currentVersion(connection: Connection): Promise<number | null> {
  try {
    const row = await connection(TABLE).max({ version: 'version' }).first<{ version: number | null }>();
    return row?.version ?? 0;
  } catch (error) {
    if (connection.isTransaction || !/no such table|does not exist|doesn't exist/.test(String(error)))
      throw error;
    return null;
  }
}
