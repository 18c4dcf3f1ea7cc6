import type { Migration } from './migration.ts';

const TIME_LENGTH = 27;

/** Whether what came over of a moving list was compared with what is there. */
export const cutoverVerified: Migration = {
  name: 'cutover-verified',
  up: async (connection) => {
    // MariaDB commits each statement at once: after a kill the columns may be there, all three of them.
    if (await connection.schema.hasColumn('cutover', 'verified_at')) return;
    await connection.schema.alterTable('cutover', (table) => {
      // When an import last changed something.
      table.string('imported_at', TIME_LENGTH).nullable();
      table.string('verified_at', TIME_LENGTH).nullable();
      table.integer('differences').nullable();
    });
  },
};
