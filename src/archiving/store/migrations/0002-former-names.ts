import type { Migration } from '../../../database/migrations/migration.ts';

/** List-Ids that lists had before `archive move`, so that links which name them go on working. */
export const formerNames: Migration = {
  name: 'former names',
  up: async (connection, dialect) => {
    const text = dialect === 'sqlite' ? 'text' : 'text COLLATE "C"';
    await connection.raw(
      `CREATE TABLE archive_former_name (name ${text} PRIMARY KEY, list_id integer NOT NULL)`,
    );
  },
};
