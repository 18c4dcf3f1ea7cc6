import type { Schema } from '../../../database/migrate.ts';
import { archive } from './0001-archive.ts';
import { formerNames } from './0002-former-names.ts';

/** The archive's own; its version has a table of its own, so that it may share a PostgreSQL database with the lists. */
export const archiveSchema: Schema = {
  versionTable: 'archive_schema_version',
  steps: [archive, formerNames],
};
