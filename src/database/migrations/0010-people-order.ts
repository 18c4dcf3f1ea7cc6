import type { Connection, Dialect } from '../handle.ts';
import type { Migration } from './migration.ts';

/** The orders in which all people are shown, page by page. */
export const peopleOrder: Migration = {
  name: 'people-order',
  up: async (connection, dialect) => {
    await addIndex(connection, dialect, 'user', ['created_on', 'user_id']);
    await addIndex(connection, dialect, 'address', ['original_email']);
  },
};

/** MariaDB commits each statement at once: after a kill the index may be there. */
async function addIndex(
  connection: Connection,
  dialect: Dialect,
  table: string,
  columns: readonly string[],
): Promise<void> {
  const name = `${table}_${columns.join('_')}_order`;
  if (dialect === 'mysql') {
    const there = await connection('information_schema.statistics')
      .where('table_schema', connection.raw('DATABASE()'))
      .where({ table_name: table, index_name: name })
      .first('index_name');
    if (there) return;
  }
  await connection.schema.alterTable(table, (altered) => {
    altered.index([...columns], name);
  });
}
