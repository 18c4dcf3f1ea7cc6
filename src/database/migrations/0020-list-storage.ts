import type { Migration } from './migration.ts';

/**
 * On PostgreSQL, a new version of a list's row is written for every post, which counts. Its settings, some kilobytes, are
 * kept elsewhere, so that the versions are short and have room on one page, where old ones are cleared away in passing.
 */
export const listStorage: Migration = {
  name: 'list-storage',
  up: async (connection, dialect) => {
    if (dialect !== 'postgresql') return;
    await connection.raw(
      `ALTER TABLE mailing_list ALTER settings SET STORAGE EXTERNAL, ALTER legacy_settings SET STORAGE EXTERNAL,
         SET (toast_tuple_target = 128, fillfactor = 40)`,
    );
    // Writes the rows that are there anew.
    await connection.raw("UPDATE mailing_list SET settings = settings || ''");
  },
};
