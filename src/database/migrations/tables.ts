import type { Knex } from 'knex';
import type { Connection, Dialect } from '../handle.ts';

/** Makes one table. */
export type CreateTable = (name: string, define: (table: Knex.CreateTableBuilder) => void) => Promise<void>;

/**
 * Makes tables that are alike on all databases: texts compare and sort by their code points.
 *
 * MariaDB commits each statement at once, and a killed migration leaves tables, some of them without their constraints.
 * As the schema's version does not count it yet, nobody has used them, and they are made anew.
 */
export function tableCreator(connection: Connection, dialect: Dialect): CreateTable {
  return async (name, define) => {
    if (dialect === 'mysql') await dropLeftover(connection, name);
    await connection.schema.createTable(name, (table) => {
      if (dialect === 'mysql') {
        table.engine('InnoDB');
        table.charset('utf8mb4');
        table.collate('utf8mb4_bin');
      }
      define(table);
    });
    if (dialect === 'postgresql') await collateByCodePoint(connection, name);
  };
}

/** Goes with the tables that refer to it: they are left over as well, as they were made after it. */
async function dropLeftover(connection: Connection, name: string): Promise<void> {
  const referring = await connection('information_schema.key_column_usage')
    .where('referenced_table_schema', connection.raw('DATABASE()'))
    .where('referenced_table_name', name)
    .whereNot('table_name', name)
    .distinct()
    .pluck<string[]>('table_name');
  for (const other of referring) await dropLeftover(connection, other);
  await connection.schema.dropTableIfExists(name);
}

interface TextColumn {
  readonly name: string;
  readonly type: string;
}

/** Knex does not write COLLATE for PostgreSQL. */
async function collateByCodePoint(connection: Connection, table: string): Promise<void> {
  const { rows } = await connection.raw<{ rows: TextColumn[] }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = to_regclass(quote_ident(?)) AND attnum > 0 AND NOT attisdropped
     AND atttypid IN ('varchar'::regtype, 'text'::regtype)`,
    [table],
  );
  if (rows.length === 0) return;
  const changes = rows.map(({ type }) => `ALTER COLUMN ?? TYPE ${type} COLLATE "C"`).join(', ');
  await connection.raw(`ALTER TABLE ?? ${changes}`, [table, ...rows.map(({ name }) => name)]);
}
