import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const ID_LENGTH = 32;
const TIME_LENGTH = 27;
const DIGEST_LENGTH = 64;

/** What Mailman 2's logs say about posts, and how far they have been read. */
export const mailman2Posts: Migration = {
  name: 'mailman2-posts',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    const bytes = { sqlite: 'blob', postgresql: 'bytea', mysql: 'longblob' }[dialect];
    await create('mailman2_post', (table) => {
      table.string('post_id', ID_LENGTH).primary();
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('message_key', DIGEST_LENGTH).notNullable();
      table.string('message_id', 998).notNullable();
      table.string('changed_at', TIME_LENGTH).notNullable();
      // Whether the post that came here was told of it.
      table.smallint('settled').notNullable();
      // Whether Mailman 2 holds it.
      table.smallint('waiting').notNullable();
      table.text('outcome', 'longtext').notNullable();
      // As a member got it, where a listening address is one.
      table.specificType('copy', bytes).nullable();
      table.unique(['list_id', 'message_key']);
      table.index(['settled', 'changed_at']);
      table.index(['list_id', 'waiting']);
    });
    await create('followed_log', (table) => {
      table.string('name', 100).primary();
      table.string('inode', 40).notNullable();
      table.bigInteger('position').notNullable();
    });
  },
};
