import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

/** A SHA-256 in hex. */
const KEY_LENGTH = 64;
const TIME_LENGTH = 27;

/** Texts of templates that were fetched from elsewhere. */
export const templateCache: Migration = {
  name: 'template-cache',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    await create('template_cache', (table) => {
      table.string('cache_key', KEY_LENGTH).notNullable().primary();
      table.text('content', 'longtext');
      table.string('expires_at', TIME_LENGTH).notNullable().index();
    });
  },
};
