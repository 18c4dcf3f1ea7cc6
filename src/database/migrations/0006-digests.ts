import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const ID_LENGTH = 32;
const TIME_LENGTH = 27;

/** Posts that are collected for digests, and members who left the digest and still get the one that was begun. */
export const digests: Migration = {
  name: 'digests',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    const bytes = { sqlite: 'blob', postgresql: 'bytea', mysql: 'longblob' }[dialect];
    await create('digest_message', (table) => {
      // Their order is the order in which the posts came.
      table.string('digest_message_id', ID_LENGTH).primary();
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      // The digest that the post goes out with; null while the next one is being collected.
      table.integer('volume');
      table.integer('number');
      table.integer('size').notNullable();
      table.string('collected_at', TIME_LENGTH).notNullable();
      // The first piece, as in queue_message.
      table.specificType('content', bytes).notNullable();
      // With the size, which every new post asks for.
      table.index(['list_id', 'volume', 'number', 'size']);
    });
    await create('digest_message_piece', (table) => {
      table.string('digest_message_id', ID_LENGTH).notNullable();
      table.foreign('digest_message_id').references('digest_message.digest_message_id').onDelete('CASCADE');
      table.integer('position').notNullable();
      table.specificType('content', bytes).notNullable();
      table.primary(['digest_message_id', 'position']);
    });
    await create('last_digest', (table) => {
      table.string('member_id', ID_LENGTH).primary();
      table.foreign('member_id').references('member.member_id').onDelete('CASCADE');
      table.string('delivery_mode', 20).notNullable();
    });
  },
};
