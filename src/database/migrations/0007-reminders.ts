import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const TIME_LENGTH = 27;

/** When the moderators of a list were reminded last. */
export const reminders: Migration = {
  name: 'reminders',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    await create('reminder', (table) => {
      table.string('list_id').notNullable().primary();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('sent_at', TIME_LENGTH).notNullable();
    });
  },
};
