import { FerrymanError } from '../errors.ts';

/** The database cannot be reached or used; the message says which and why, without its password, SQL or data. */
export class DatabaseError extends FerrymanError {
  override name = 'DatabaseError';
  /** The driver's code, where a driver failed. */
  readonly code: string | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly code?: string }) {
    super(message, options);
    this.code = options?.code;
  }
}

const LOCKED = 'is locked by another process';
const FULL = 'has no room left: the disk is full';
const READ_ONLY = 'cannot be written: it is read-only';
const NO_ANSWER = 'does not answer';
const REFUSED = 'refuses the user name or password';
const NOT_ALLOWED = 'does not allow its user to do that';
const NO_DATABASE = 'does not exist on the server';
const TOO_MANY = 'takes no more connections';
const LOST = 'broke off the connection';
const DEADLOCK = 'is busy: another change was in the way, try again';
const DUPLICATE = 'holds such an entry already';
const REFERENCED =
  'refuses the change: something else still refers to the entry, or what it refers to is gone';
const UNFIT = 'refuses a value that is too long or of the wrong kind';

const SUMMARY: Readonly<Record<string, string>> = {
  SQLITE_BUSY: LOCKED,
  SQLITE_LOCKED: LOCKED,
  SQLITE_FULL: FULL,
  SQLITE_READONLY: READ_ONLY,
  SQLITE_CANTOPEN: 'cannot be opened: the folder is missing or not writable',
  SQLITE_PERM: 'cannot be opened: its permissions forbid it',
  SQLITE_NOTADB: 'is not a database file',
  SQLITE_CORRUPT: 'is damaged',
  SQLITE_IOERR: 'cannot be read or written: the disk fails',
  SQLITE_ABORT: 'has undone the change: the disk is full or fails',
  SQLITE_CONSTRAINT_UNIQUE: DUPLICATE,
  SQLITE_CONSTRAINT_PRIMARYKEY: DUPLICATE,
  SQLITE_CONSTRAINT_FOREIGNKEY: REFERENCED,
  SQLITE_CONSTRAINT: UNFIT,
  ECONNREFUSED: NO_ANSWER,
  ETIMEDOUT: NO_ANSWER,
  EHOSTUNREACH: NO_ANSWER,
  ENETUNREACH: NO_ANSWER,
  ENOTFOUND: 'is on a host that cannot be found',
  EAI_AGAIN: 'is on a host that cannot be found',
  ENOENT: 'cannot be reached: no such socket',
  EACCES: 'cannot be reached: its socket may not be opened',
  ECONNRESET: LOST,
  EPIPE: LOST,
  ERR_STREAM_DESTROYED: LOST,
  ERR_STREAM_WRITE_AFTER_END: LOST,
  ERR_SOCKET_CLOSED: LOST,
  PROTOCOL_CONNECTION_LOST: LOST,
  '57P01': LOST,
  '57P02': LOST,
  '57P03': 'is starting or stopping',
  '55000': 'takes no connections at present',
  '28P01': REFUSED,
  '28000': REFUSED,
  '3D000': NO_DATABASE,
  '53100': FULL,
  '53300': TOO_MANY,
  '42501': NOT_ALLOWED,
  '25006': READ_ONLY,
  '40P01': DEADLOCK,
  '40001': DEADLOCK,
  '55P03': LOCKED,
  '23505': DUPLICATE,
  '23503': REFERENCED,
  '23001': REFERENCED,
  '22001': UNFIT,
  '22003': UNFIT,
  '23502': UNFIT,
  ER_ACCESS_DENIED_ERROR: REFUSED,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: REFUSED,
  ER_HOST_NOT_PRIVILEGED: REFUSED,
  ER_DBACCESS_DENIED_ERROR: NOT_ALLOWED,
  ER_TABLEACCESS_DENIED_ERROR: NOT_ALLOWED,
  ER_BAD_DB_ERROR: NO_DATABASE,
  ER_CON_COUNT_ERROR: TOO_MANY,
  ER_TOO_MANY_USER_CONNECTIONS: TOO_MANY,
  ER_SERVER_SHUTDOWN: LOST,
  ER_OPTION_PREVENTS_STATEMENT: READ_ONLY,
  ER_DISK_FULL: FULL,
  ER_RECORD_FILE_FULL: FULL,
  ER_LOCK_WAIT_TIMEOUT: LOCKED,
  ER_LOCK_DEADLOCK: DEADLOCK,
  ER_DUP_ENTRY: DUPLICATE,
  ER_ROW_IS_REFERENCED_2: REFERENCED,
  ER_NO_REFERENCED_ROW_2: REFERENCED,
  ER_DATA_TOO_LONG: UNFIT,
  ER_WARN_DATA_OUT_OF_RANGE: UNFIT,
  ER_BAD_NULL_ERROR: UNFIT,
  ER_NO_DEFAULT_FOR_FIELD: UNFIT,
};

/** What drivers say without a code. */
const UNCODED: readonly (readonly [RegExp, string, string])[] = [
  [/Timeout acquiring a connection/, 'POOL_TIMEOUT', 'is busy: no connection became free'],
  [/timeout expired|connect ETIMEDOUT/, 'ETIMEDOUT', NO_ANSWER],
  [/Connection terminated|Cannot enqueue|in closed state|is not queryable/i, 'ECONNRESET', LOST],
  [/^SASL: /, '28P01', REFUSED],
  [/directory does not exist/, 'SQLITE_CANTOPEN', 'cannot be opened: the folder is missing or not writable'],
  [/server does not support SSL|does not support secure connection/i, 'TLS', 'offers no encryption'],
];

/**
 * Turns what a database driver threw into an error for people, without statement or data. Errors of ours, and
 * those that no driver made, stay as they are.
 * @param shownUrl the database's URL without its password
 */
export function describeFailure(error: unknown, shownUrl: string): unknown {
  if (error instanceof FerrymanError || !(error instanceof Error)) return error;
  const uncoded = UNCODED.find(([pattern]) => pattern.test(error.message));
  const code = driverCode(error) ?? uncoded?.[1];
  if (code === undefined) return error;
  const summary = SUMMARY[code] ?? SUMMARY[code.replace(/^(SQLITE_[A-Z]+)_.*/, '$1')] ?? uncoded?.[2];
  const cause = withoutData(error);
  if (summary === UNFIT) return new DatabaseError(`Database ${shownUrl} ${summary}`, { code, cause });
  if (summary !== undefined) return new DatabaseError(`Database ${shownUrl} ${summary}`, { code });
  return new DatabaseError(`Database ${shownUrl} failed (${code})`, { code, cause });
}

/** What is wrong with the place that `[database] url` names, and not with what is done there. */
const UNREACHABLE = new Set<string | undefined>([
  SUMMARY.SQLITE_CANTOPEN,
  SUMMARY.SQLITE_PERM,
  SUMMARY.SQLITE_NOTADB,
  SUMMARY.ENOTFOUND,
  SUMMARY.ENOENT,
  SUMMARY.EACCES,
  NO_ANSWER,
  SUMMARY['55000'],
  REFUSED,
  NOT_ALLOWED,
  NO_DATABASE,
]);

/** Whether the database could not be opened because its URL leads nowhere. */
export function isUnreachable(error: unknown): boolean {
  const summary = summaryOf(error);
  return summary !== undefined && UNREACHABLE.has(summary);
}

/** Whether a statement failed because the row is there already. */
export function isDuplicate(error: unknown): boolean {
  return summaryOf(error) === DUPLICATE;
}

/** Whether a transaction failed because another one was at the same rows. */
export function isRivalry(error: unknown): boolean {
  const summary = summaryOf(error);
  return summary === DUPLICATE || summary === DEADLOCK;
}

/** Whether a statement failed because of a foreign key. */
export function isReferenced(error: unknown): boolean {
  return summaryOf(error) === REFERENCED;
}

/** Whether a statement failed because its table does not exist. */
export function isMissingTable(error: unknown): boolean {
  const code = error instanceof Error ? driverCode(error) : undefined;
  if (code === 'SQLITE_ERROR') return /no such table/.test(`${error} ${(error as Error).cause}`);
  return code === '42P01' || code === 'ER_NO_SUCH_TABLE';
}

function summaryOf(error: unknown): string | undefined {
  const code = error instanceof Error ? driverCode(error) : undefined;
  return code === undefined ? undefined : SUMMARY[code];
}

/** For whoever looks for the cause: the statement with its placeholders and the driver's words. */
function withoutData(error: Error): Error {
  const kept = new Error(error.message);
  if (error.stack !== undefined) kept.stack = error.stack;
  return kept;
}

function driverCode(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error.cause instanceof Error ? driverCode(error.cause) : undefined;
}
