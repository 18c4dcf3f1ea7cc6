/** The part of better-sqlite3's handle that is used here. */
interface TransactionHandle {
  readonly inTransaction: boolean;
}

/** Handles with a transaction that has neither been committed nor rolled back by us. */
const open = new WeakSet<TransactionHandle>();

/** To be called when a transaction has begun. */
export function transactionBegan(handle: TransactionHandle): void {
  open.add(handle);
}

/** To be called when it ends, however it does. */
export function transactionEnded(handle: TransactionHandle): void {
  open.delete(handle);
}

/**
 * To be called before a statement. Where the disk is full, SQLite may roll a whole transaction back by itself; what came
 * after in the same one would be committed at once, statement by statement.
 * @throws an error with SQLite's code for that where the transaction of this handle is gone
 */
export function requireTransaction(handle: TransactionHandle): void {
  if (handle.inTransaction || !open.has(handle)) return;
  throw Object.assign(new Error('SQLite has rolled the transaction back'), { code: 'SQLITE_ABORT_ROLLBACK' });
}
