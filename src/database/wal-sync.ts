import { closeSync, fdatasync, fstatSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const flush = promisify(fdatasync);

/**
 * Brings SQLite's write-ahead log to the disk without stopping the process meanwhile, as SQLite itself would do in
 * every COMMIT with `synchronous = FULL`. With `NORMAL` a COMMIT appends to the log; once the log is flushed, what was
 * committed survives a power failure just the same (https://sqlite.org/wal.html). Whoever asks while a flush is under
 * way shares the next one.
 */
export class WalSync {
  readonly #file: string;
  #descriptor: number | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** @param filename of the database */
  constructor(filename: string) {
    this.#file = `${filename}-wal`;
  }

  /** Resolves when all that was committed before is on disk. Throws the system's error where the disk fails. */
  sync(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#running = this.#next ?? Promise.resolve();
        this.#next = undefined;
        return this.#flush();
      });
    return this.#next;
  }

  /** To be called when the database is closed. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  async #flush(): Promise<void> {
    // Closing this file drops none of SQLite's locks: those are on the database itself.
    if (this.#descriptor !== undefined && fstatSync(this.#descriptor).nlink === 0) this.close();
    this.#descriptor ??= openSync(this.#file, 'r');
    await flush(this.#descriptor);
  }
}
