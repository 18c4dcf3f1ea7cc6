import type { Knex } from 'knex';
import type { Migration } from './migration.ts';
import { tableCreator } from './tables.ts';

const EMAIL_LENGTH = 320;
const TIME_LENGTH = 27;
/** `list:` and a List-Id. */
const CONTEXT_LENGTH = 262;

/** Domains, lists, people and their memberships. */
export const lists: Migration = {
  name: 'lists',
  up: async (connection, dialect) => {
    const create = tableCreator(connection, dialect);
    await create('domain', (table) => {
      table.string('mail_host').notNullable().primary();
      table.text('description', 'longtext');
      table.string('alias_domain');
    });
    await create('mailing_list', (table) => {
      table.string('list_id').notNullable().primary();
      table.string('list_name').notNullable();
      table.string('mail_host').notNullable();
      table.foreign('mail_host').references('domain.mail_host').onUpdate('CASCADE');
      table.unique(['mail_host', 'list_name']);
      table.text('settings', 'longtext').notNullable();
      table.text('legacy_settings', 'longtext').notNullable();
      table.string('created_at', TIME_LENGTH).notNullable();
      table.string('last_post_at', TIME_LENGTH);
      table.string('digest_last_sent_at', TIME_LENGTH);
      for (const counter of ['post_id', 'next_request_id', 'volume', 'next_digest_number']) {
        table.integer(counter).notNullable().defaultTo(1);
      }
      table.integer('usenet_watermark');
    });
    await create('user', (table) => {
      table.string('user_id', 32).notNullable().primary();
      table.text('display_name', 'longtext').notNullable();
      table.text('password', 'longtext');
      table.smallint('is_server_owner').notNullable().defaultTo(0);
      table.string('created_on', TIME_LENGTH).notNullable();
      preferenceColumns(table);
    });
    await create('domain_owner', (table) => {
      table.string('mail_host').notNullable();
      table.string('user_id', 32).notNullable();
      table.foreign('mail_host').references('domain.mail_host').onDelete('CASCADE').onUpdate('CASCADE');
      table.foreign('user_id').references('user.user_id').onDelete('CASCADE');
      table.primary(['mail_host', 'user_id']);
    });
    await create('address', (table) => {
      table.string('address_id', 32).notNullable().primary();
      table.string('email', EMAIL_LENGTH).notNullable().unique();
      table.string('original_email', EMAIL_LENGTH).notNullable();
      table.text('display_name', 'longtext').notNullable();
      table.string('registered_on', TIME_LENGTH).notNullable();
      table.string('verified_on', TIME_LENGTH);
      table.string('user_id', 32);
      table.foreign('user_id').references('user.user_id').onDelete('CASCADE');
      // 1 or null, so that a user has at most one preferred address.
      table.smallint('is_preferred');
      table.unique(['user_id', 'is_preferred']);
      // What a member row refers to, so that it follows when the address changes.
      table.unique(['address_id', 'email']);
      preferenceColumns(table);
    });
    await create('member', (table) => {
      table.string('member_id', 32).notNullable().primary();
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('role', 10).notNullable();
      table.string('address_id', 32).notNullable();
      table.string('email', EMAIL_LENGTH).notNullable();
      table.string('original_email', EMAIL_LENGTH).notNullable();
      table
        .foreign(['address_id', 'email'])
        .references(['address_id', 'email'])
        .inTable('address')
        .onDelete('CASCADE')
        .onUpdate('CASCADE');
      table.unique(['list_id', 'role', 'email']);
      table.index(['address_id', 'email']);
      table.text('display_name', 'longtext').notNullable();
      table.string('subscription_mode', 10).notNullable();
      table.string('moderation_action', 10);
      table.string('delivery_status_since', TIME_LENGTH);
      table.string('subscribed_at', TIME_LENGTH);
      table.double('bounce_score').notNullable().defaultTo(0);
      table.string('last_bounce_received', TIME_LENGTH);
      table.string('last_warning_sent', TIME_LENGTH);
      table.integer('total_warnings_sent').notNullable().defaultTo(0);
      table.text('topics', 'longtext');
      table.smallint('receive_unmatched_topics').notNullable().defaultTo(0);
      table.text('legacy', 'longtext');
      preferenceColumns(table);
    });
    await create('ban', (table) => {
      table.increments('ban_id');
      table.string('list_id');
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.text('email', 'longtext').notNullable();
      // List and e-mail as one value of fixed length: NULL is never equal, and a pattern may be too long for an index.
      table.string('fingerprint', 64).notNullable().unique();
      table.index(['list_id']);
    });
    await create('header_match', (table) => {
      table.increments('header_match_id');
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.integer('position').notNullable();
      table.unique(['list_id', 'position']);
      table.string('header').notNullable();
      table.text('pattern', 'longtext').notNullable();
      table.string('action', 10);
      table.string('tag');
    });
    await create('template', (table) => {
      table.increments('template_id');
      table.string('mail_host');
      table.foreign('mail_host').references('domain.mail_host').onDelete('CASCADE').onUpdate('CASCADE');
      table.string('list_id');
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('name').notNullable();
      table.string('language', 20).notNullable();
      table.text('content', 'longtext');
      table.text('uri', 'longtext');
      table.text('username', 'longtext');
      table.text('password', 'longtext');
      // What mail_host and list_id say, as one value: NULL is never equal.
      table.string('context', CONTEXT_LENGTH).notNullable();
      table.unique(['context', 'name', 'language']);
      table.index(['list_id']);
    });
    await create('autoresponse', (table) => {
      table.string('list_id').notNullable();
      table.foreign('list_id').references('mailing_list.list_id').onDelete('CASCADE');
      table.string('kind', 10).notNullable();
      table.string('email', EMAIL_LENGTH).notNullable();
      table.string('quiet_until', TIME_LENGTH);
      table.string('day', 10);
      table.integer('count').notNullable().defaultTo(0);
      table.primary(['list_id', 'kind', 'email']);
    });
  },
};

function preferenceColumns(table: Knex.CreateTableBuilder): void {
  for (const flag of ['acknowledge_posts', 'hide_address', 'receive_list_copy', 'receive_own_postings']) {
    table.smallint(flag);
  }
  table.string('preferred_language', 20);
  table.string('delivery_mode', 20);
  table.string('delivery_status', 20);
}
