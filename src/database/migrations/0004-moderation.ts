import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const TIME_LENGTH = 27;

/** What waits for somebody: confirmations by token, posts and requests for moderators. */
export const moderation: Migration = {
  name: 'moderation',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    await create('pending', (table) => {
      table.string('token', 64).primary();
      table.string('list_id');
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('kind', 20).notNullable();
      table.string('email', 320).notNullable();
      table.text('data', 'longtext').notNullable();
      table.string('created_at', TIME_LENGTH).notNullable();
      table.string('expires_at', TIME_LENGTH).notNullable().index();
      table.index(['list_id', 'kind', 'email']);
    });
    await create('held_message', (table) => {
      table.increments('request_id');
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('message_id', 998).notNullable();
      table.string('sender', 320).notNullable();
      table.text('subject', 'longtext').notNullable();
      table.text('reasons', 'longtext').notNullable();
      table.string('held_at', TIME_LENGTH).notNullable();
      table.text('metadata', 'longtext').notNullable();
      table
        .specificType(
          'content',
          dialect === 'postgresql' ? 'bytea' : dialect === 'mysql' ? 'longblob' : 'blob',
        )
        .notNullable();
      table.index(['list_id', 'held_at']);
    });
    await create('recent_post', (table) => {
      table.increments('recent_post_id');
      table.string('member_id', 32).notNullable();
      table.foreign('member_id').references('member.member_id').onDelete('CASCADE');
      table.string('posted_at', TIME_LENGTH).notNullable();
    });
  },
};
