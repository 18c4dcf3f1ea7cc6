import { Worker } from 'node:worker_threads';
import { ArchiveBusyError, ArchiveError } from '../errors.ts';
import type { SearchQuery, SearchResult } from '../types.ts';

export interface SearchQuestion {
  readonly id: number;
  readonly query: SearchQuery;
}

export type SearchAnswer =
  | { readonly id: number; readonly result: SearchResult }
  | { readonly id: number; readonly failure: string };

/** A search that takes longer is given up, in milliseconds. */
const TIMEOUT = 10_000;
/** Searches that wait for their turn; more are refused. */
const MAX_WAITING = 100;

interface Waiting {
  readonly query: SearchQuery;
  readonly resolve: (result: SearchResult) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Searches a SQLite archive in a thread of its own: SQLite would stop the whole process meanwhile, and the mail with it.
 * The thread begins with the first search.
 */
export class SearchThread {
  readonly #url: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #last = 0;
  readonly #limit: number;

  /** @param url of the database @param limit of one search, in milliseconds */
  constructor(url: string, limit: number = TIMEOUT) {
    this.#url = url;
    this.#limit = limit;
  }

  /** @throws ArchiveError where it fails; ArchiveBusyError where it takes too long, or too many wait */
  search(query: SearchQuery): Promise<SearchResult> {
    if (this.#waiting.size >= MAX_WAITING)
      throw new ArchiveBusyError('Too many searches at once; try again later');
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(id), this.#limit);
      this.#waiting.set(id, { query, resolve, reject, timer });
      this.#ask({ id, query });
    });
  }

  async close(): Promise<void> {
    await this.#end(new ArchiveError('The archive is being closed'));
  }

  #ask(question: SearchQuestion): void {
    this.#thread().postMessage(question);
  }

  /** Nothing else stops a statement of SQLite: the thread ends, and the others are asked again in a new one. */
  async #giveUp(id: number): Promise<void> {
    this.#waiting.get(id)?.reject(new ArchiveBusyError('The search took too long'));
    this.#waiting.delete(id);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    for (const [other, { query }] of this.#waiting) this.#ask({ id: other, query });
  }

  #thread(): Worker {
    if (this.#worker) {
      this.#worker.ref();
      return this.#worker;
    }
    // What runs from sources has sources beside it, what was built has what was built.
    const file = import.meta.url.endsWith('.ts') ? './search-worker.ts' : './search-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), { workerData: { url: this.#url } });
    worker.on('message', (answer: SearchAnswer) => this.#answer(answer));
    worker.on('error', (error: Error) => {
      if (this.#worker === worker) this.#end(new ArchiveError(`The search failed: ${error.message}`));
    });
    this.#worker = worker;
    return worker;
  }

  #answer(answer: SearchAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    // A thread that has nothing to do keeps no process alive.
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ('result' in answer) waiting.resolve(answer.result);
    else waiting.reject(new ArchiveError(`The search failed: ${answer.failure}`));
  }

  /** Ends the thread and all that wait for it. The next search begins anew. */
  async #end(error: Error): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(error);
    }
    await worker?.terminate();
  }
}
