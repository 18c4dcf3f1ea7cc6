import { FerrymanError } from '../errors.ts';
import { DatabaseError } from './url.ts';

const SUMMARY: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'is locked by another process',
  SQLITE_LOCKED: 'is locked by another process',
  SQLITE_FULL: 'has no room left: the disk is full',
  SQLITE_READONLY: 'cannot be written: it is read-only',
  SQLITE_CANTOPEN: 'cannot be opened: the folder is missing or not writable',
  SQLITE_NOTADB: 'is not a database file',
  SQLITE_CORRUPT: 'is damaged',
  ECONNREFUSED: 'does not answer',
  ENOTFOUND: 'is on a host that cannot be found',
  ENOENT: 'cannot be reached: no such socket',
  '28P01': 'refuses the user name or password',
  '28000': 'refuses the user name or password',
  '3D000': 'does not exist on the server',
  '53100': 'has no room left: the disk is full',
  ER_ACCESS_DENIED_ERROR: 'refuses the user name or password',
  ER_BAD_DB_ERROR: 'does not exist on the server',
  ER_DISK_FULL: 'has no room left: the disk is full',
  ER_RECORD_FILE_FULL: 'has no room left: the disk is full',
  ER_LOCK_WAIT_TIMEOUT: 'is locked by another process',
};

/**
 * Turns what a database driver threw into an error for people, without statement or data. Errors of ours, and
 * those that no driver made, stay as they are.
 */
export function describeFailure(error: unknown, url: string): unknown {
  if (error instanceof FerrymanError || !(error instanceof Error)) return error;
  const code = driverCode(error);
  if (code === undefined) return error;
  const summary = SUMMARY[code] ?? SUMMARY[code.replace(/^(SQLITE_[A-Z]+)_.*/, '$1')];
  return summary ? new DatabaseError(`Database ${url} ${summary}`, { cause: error }) : error;
}

/** Whether a statement failed because the row is there already. */
export function isDuplicate(error: unknown): boolean {
  const code = error instanceof Error ? driverCode(error) : undefined;
  return (
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY' ||
    code === '23505' ||
    code === 'ER_DUP_ENTRY'
  );
}

function driverCode(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error.cause instanceof Error ? driverCode(error.cause) : undefined;
}
