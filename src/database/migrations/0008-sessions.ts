import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const TIME_LENGTH = 27;
/** SHA-256 in hex. */
const HASH_LENGTH = 64;

/** Who is signed in to the web pages, and the links by which people sign in. */
export const sessions: Migration = {
  name: 'sessions',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    await create('web_session', (table) => {
      table.string('token_hash', HASH_LENGTH).notNullable().primary();
      table.string('user_id', 32).notNullable().index();
      table.foreign('user_id').references('user.user_id').onDelete('CASCADE');
      table.string('created_at', TIME_LENGTH).notNullable();
      table.string('expires_at', TIME_LENGTH).notNullable().index();
    });
    await create('sign_in_link', (table) => {
      table.string('token_hash', HASH_LENGTH).notNullable().primary();
      table.string('address_id', 32).notNullable().index();
      table.foreign('address_id').references('address.address_id').onDelete('CASCADE');
      table.text('next_path', 'longtext').notNullable();
      table.string('expires_at', TIME_LENGTH).notNullable().index();
    });
  },
};
