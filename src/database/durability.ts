import { WalSync } from './wal-sync.ts';

/** The parts of better-sqlite3's handle that are used here. */
export interface DurableHandle {
  readonly name: string;
  readonly inTransaction: boolean;
}

const logs = new WeakMap<DurableHandle, WalSync>();
const postponed = new WeakSet<DurableHandle>();

const READS = /^\s*(select|pragma|explain|begin|savepoint|release|rollback)\b/i;

/** From now on, what is committed through this handle is brought to the disk by `makeDurable`. */
export function watchDurability(handle: DurableHandle): void {
  if (handle.name !== ':memory:') logs.set(handle, new WalSync(handle.name));
}

/** To be called after every statement: a COMMIT, or a change outside of a transaction, returns when it is on disk. */
export async function makeDurable(handle: DurableHandle, sql: string): Promise<void> {
  if (handle.inTransaction || READS.test(sql)) return;
  if (postponed.delete(handle)) return;
  await flush(handle);
}

/** The next COMMIT of this handle returns at once; `flush` must follow before anybody relies on it. */
export function postponeDurability(handle: DurableHandle): void {
  if (logs.has(handle)) postponed.add(handle);
}

/** Takes `postponeDurability` back, for a transaction that has ended without COMMIT. */
export function endPostponing(handle: DurableHandle): void {
  postponed.delete(handle);
}

/** Resolves when all that was committed before is on disk. */
export async function flush(handle: DurableHandle): Promise<void> {
  await logs.get(handle)?.sync();
}

/** To be called when the handle is closed. */
export function endDurability(handle: DurableHandle): void {
  logs.get(handle)?.close();
  logs.delete(handle);
}
