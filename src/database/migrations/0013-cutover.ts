import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const ID_LENGTH = 32;
const TIME_LENGTH = 27;
const ADDRESS_LENGTH = 320;

/** Lists that are moving away from Mailman 2 while it runs. */
export const cutover: Migration = {
  name: 'cutover',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    const bytes = { sqlite: 'blob', postgresql: 'bytea', mysql: 'longblob' }[dialect];
    await create('cutover', (table) => {
      table.string('list_id').notNullable().primary();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('stage', 10).notNullable();
      table.string('since', TIME_LENGTH).notNullable();
      table.string('mailman2_name').notNullable();
      table.string('mailman2_domain').notNullable();
      // While members are handed over, posts wait here.
      table.smallint('handing_over').notNullable();
      // Who is just changing sides and how, as JSON: settled after a kill by what Mailman 2's file says.
      table.text('changing', 'longtext').nullable();
      // The process that takes a step with the list.
      table.string('command').nullable();
      // What following Mailman 2's files has to know, as JSON.
      table.text('followed', 'longtext').notNullable();
    });
    await create('handed_over', (table) => {
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('email', ADDRESS_LENGTH).notNullable();
      table.string('since', TIME_LENGTH).notNullable();
      // The member's preferences as Mailman 2 had them last, as JSON: what differs from them was changed here.
      table.text('base', 'longtext').nullable();
      table.primary(['list_id', 'email']);
    });
    await create('shadow_post', (table) => {
      table.string('shadow_id', ID_LENGTH).primary();
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('message_id', 998).notNullable();
      // Of the Message-ID, which is too long to be searched for.
      table.string('message_key', 64).notNullable();
      table.string('stage', 10).notNullable();
      table.string('received_at', TIME_LENGTH).notNullable();
      table.string('decision', 10).notNullable();
      // Reasons, recipients, and what else is compared, as JSON.
      table.text('outcome', 'longtext').notNullable();
      // The post as it would have gone out; as it came where it would not have gone out.
      table.specificType('content', bytes).notNullable();
      // What Mailman 2 did with it, as JSON, once that is known.
      table.text('mailman2', 'longtext').nullable();
      table.index(['list_id', 'received_at']);
      table.index(['list_id', 'message_key']);
    });
    await create('cutover_audit', (table) => {
      table.string('audit_id', ID_LENGTH).primary();
      table.string('list_id').notNullable();
      table.string('done_at', TIME_LENGTH).notNullable();
      table.string('who').notNullable();
      table.string('action', 30).notNullable();
      table.string('outcome', 10).notNullable();
      table.text('details', 'longtext').notNullable();
      table.index(['list_id', 'done_at']);
    });
  },
};
