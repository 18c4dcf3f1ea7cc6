import { DatabaseError, isDuplicate, isReferenced } from '../database/failures.ts';
import { FerrymanError } from '../errors.ts';

/** Another process has taken an entry over, because this one did not answer for too long; what was done is undone. */
export class LostEntryError extends FerrymanError {
  override name = 'LostEntryError';
}

/** A step cannot be taken yet: the entry comes back later, as it is. */
export class PutOffError extends FerrymanError {
  override name = 'PutOffError';
  readonly seconds: number;

  constructor(reason: string, seconds: number) {
    super(reason);
    this.seconds = seconds;
  }
}

/** Failures of the database that pass: another attempt later may succeed, with the same message. */
const PASSING =
  /^(SQLITE_(ABORT|BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|PROTOCOL)|E[A-Z]+$|ERR_(STREAM|SOCKET)_|POOL_TIMEOUT|PROTOCOL_CONNECTION_LOST|57P0|53|40|08|0A000|55000|55P03|25006|ER_(LOCK|DISK_FULL|RECORD_FILE_FULL|CON_COUNT|TOO_MANY|SERVER_SHUTDOWN|OPTION_PREVENTS|QUERY_INTERRUPTED))/;

/** Whether an error says nothing about the message that was worked on. */
export function isPassing(error: unknown): boolean {
  return error instanceof DatabaseError && error.code !== undefined && PASSING.test(error.code);
}

/**
 * Whether two steps may have been in each other's way: both wanted to store the same row, or one took away what the
 * other referred to. Another attempt sees what the first has committed.
 */
export function isCollision(error: unknown): boolean {
  return isDuplicate(error) || isReferenced(error);
}

/** What is kept with a shunted entry: the error and where it came from. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}
