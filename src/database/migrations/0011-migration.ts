import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

/** What came over from a Mailman 2.1 site: which of its things became which here, and what is needed for the way back. */
export const migration: Migration = {
  name: 'migration',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    const bytes = { sqlite: 'blob', postgresql: 'bytea', mysql: 'longblob' }[dialect];
    await create('migrated_item', (table) => {
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('kind', 20).notNullable();
      table.string('source_id', 200).notNullable();
      table.string('digest', 64).notNullable();
      table.string('target', 64).notNullable();
      table.primary(['list_id', 'kind', 'source_id']);
    });
    await create('migrated_source', (table) => {
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('name', 40).notNullable();
      table.integer('position').notNullable();
      table.specificType('content', bytes).notNullable();
      table.primary(['list_id', 'name', 'position']);
    });
    await create('site_password', (table) => {
      table.string('role', 20).primary();
      table.string('password', 255).notNullable();
    });
  },
};
