import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const ID_LENGTH = 32;
const TIME_LENGTH = 27;

/** Bounces that were recognised and not yet counted. */
export const bounces: Migration = {
  name: 'bounces',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    await create('bounce_message', (table) => {
      table.string('bounce_id', ID_LENGTH).primary();
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table
        .specificType('content', { sqlite: 'blob', postgresql: 'bytea', mysql: 'longblob' }[dialect])
        .notNullable();
    });
    await create('bounce_event', (table) => {
      table.increments('event_id');
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('email', 320).notNullable();
      table.string('context', 10).notNullable();
      table.string('received_at', TIME_LENGTH).notNullable();
      // Several events may come of one message.
      table.string('bounce_id', ID_LENGTH).notNullable();
      table.foreign('bounce_id').references('bounce_message.bounce_id').onDelete('CASCADE');
      table.index(['bounce_id']);
    });
  },
};
