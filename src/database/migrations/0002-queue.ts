import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const ID_LENGTH = 32;
const TIME_LENGTH = 27;

/** Stored messages, the queues that refer to them, how far deliveries are, and the processes that hold entries. */
export const queue: Migration = {
  name: 'queue',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    const bytes = { sqlite: 'blob', postgresql: 'bytea', mysql: 'longblob' }[dialect];
    await create('queue_message', (table) => {
      table.string('message_id', ID_LENGTH).primary();
      // The first piece; a database server takes no message of 32 MB in one statement.
      table.specificType('content', bytes).notNullable();
      table.integer('further_pieces').notNullable();
      table.integer('size').notNullable();
    });
    await create('queue_message_piece', (table) => {
      table.string('message_id', ID_LENGTH).notNullable();
      table.foreign('message_id').references('queue_message.message_id').onDelete('CASCADE');
      table.integer('position').notNullable();
      table.specificType('content', bytes).notNullable();
      table.primary(['message_id', 'position']);
    });
    await create('queue_worker', (table) => {
      table.string('worker_id', ID_LENGTH).primary();
      table.string('instance').notNullable();
      table.string('alive_until', TIME_LENGTH).notNullable();
    });
    await create('queue_entry', (table) => {
      table.string('entry_id', ID_LENGTH).primary();
      table.string('queue', 20).notNullable();
      table.string('message_id', ID_LENGTH).notNullable();
      table.foreign('message_id').references('queue_message.message_id');
      table.index(['message_id']);
      table.text('metadata', 'longtext').notNullable();
      table.string('run_at', TIME_LENGTH).notNullable();
      table.index(['queue', 'run_at', 'entry_id']);
      table.integer('attempts').notNullable();
      // How often a process died while it held the entry.
      table.integer('recoveries').notNullable();
      table.string('worker_id', ID_LENGTH);
      table.index(['worker_id']);
      table.text('error', 'longtext');
    });
    await create('delivery_progress', (table) => {
      table.string('progress_id', ID_LENGTH).primary();
      table.string('entry_id', ID_LENGTH).notNullable();
      table.foreign('entry_id').references('queue_entry.entry_id').onDelete('CASCADE');
      table.index(['entry_id']);
      // Recipients that need no further attempt, and those deferred with the reply that they got.
      table.text('settled', 'longtext').notNullable();
      table.text('deferred', 'longtext').notNullable();
    });
  },
};
