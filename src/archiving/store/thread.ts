import { setTimeout as pause } from 'node:timers/promises';
import { type ResourceLimits, Worker, workerData } from 'node:worker_threads';
import { ArchiveError } from './errors.ts';

const FREE = 0;
const INSIDE = 1;
const ENDING = 2;

/** Shared by a thread and who started it: whether it may be ended just now. */
type Gate = Int32Array<SharedArrayBuffer>;

interface ThreadData {
  readonly url: string;
  readonly gate: Gate;
}

export interface Thread {
  readonly worker: Worker;
  /** Whatever it does. */
  end(): Promise<void>;
}

let own: Gate | undefined;

/** A thread for the archive at this URL; its file calls `beginThread`. */
export function startThread(file: URL, url: string, resourceLimits: ResourceLimits = {}): Thread {
  const gate: Gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(file, { workerData: { url, gate } satisfies ThreadData, resourceLimits });
  return { worker, end: () => end(worker, gate) };
}

async function end(worker: Worker, gate: Gate): Promise<void> {
  const isAlive = () => worker.threadId !== -1;
  while (isAlive() && Atomics.compareExchange(gate, 0, FREE, ENDING) === INSIDE) await pause(1);
  await worker.terminate();
}

/** For the thread itself, as it begins. */
export function beginThread(): { readonly url: string } {
  const { url, gate } = workerData as ThreadData;
  own = gate;
  return { url };
}

/**
 * Does what a thread must not be ended in: Node.js aborts the whole process where a thread ends while it makes a stream of
 * zlib ("close before init").
 * @throws ArchiveError where the thread is being ended
 */
export function uninterrupted<Result>(work: () => Result): Result {
  if (!own) return work();
  if (Atomics.compareExchange(own, 0, FREE, INSIDE) !== FREE)
    throw new ArchiveError('The archive is being closed');
  try {
    return work();
  } finally {
    Atomics.store(own, 0, FREE);
  }
}
