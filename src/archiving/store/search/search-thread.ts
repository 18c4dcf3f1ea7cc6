import type { Worker } from 'node:worker_threads';
import { ArchiveBusyError, ArchiveError } from '../errors.ts';
import { startThread, type Thread } from '../thread.ts';
import type { SearchQuery, SearchResult } from '../types.ts';

export interface SearchQuestion {
  readonly id: number;
  readonly query: SearchQuery;
}

export type SearchAnswer =
  | { readonly id: number; readonly result: SearchResult }
  | { readonly id: number; readonly failure: string };

/** A search that takes longer is given up, in milliseconds. */
export const TIMEOUT = 5_000;
/** Searches that wait for their turn; more are refused. */
const MAX_WAITING = 500;

interface Waiting {
  readonly question: SearchQuestion;
  readonly resolve: (result: SearchResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Searches an archive in a thread of its own: SQLite would stop the whole process meanwhile, and the mail with it, and so
 * would reading an index that PostgreSQL keeps. The thread begins with the first search or before it, and does one after the other.
 */
export class SearchThread {
  readonly #url: string;
  readonly #limit: number;
  /** The first one is being looked for. */
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #thread: Thread | undefined;
  #last = 0;

  /** @param url of the database @param limit of one search, in milliseconds */
  constructor(url: string, limit: number = TIMEOUT) {
    this.#url = url;
    this.#limit = limit;
  }

  /** @throws ArchiveError where it fails; ArchiveBusyError where it takes too long, or too many wait */
  search(query: SearchQuery): Promise<SearchResult> {
    if (this.#waiting.length >= MAX_WAITING)
      throw new ArchiveBusyError('Too many searches at once; try again later');
    this.#last += 1;
    const question = { id: this.#last, query };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (this.#waiting.length === 1) this.#ask();
    });
  }

  /** Starts the thread, so that the first search does not wait for it. */
  begin(): void {
    if (!this.#thread) this.#running().unref();
  }

  async close(): Promise<void> {
    await this.#end(new ArchiveError('The archive is being closed'));
  }

  #ask(): void {
    const [first] = this.#waiting;
    if (!first) {
      // A thread that has nothing to do keeps no process alive.
      this.#thread?.worker.unref();
      return;
    }
    this.#timer = setTimeout(() => this.#giveUp(), this.#limit);
    this.#running().postMessage(first.question);
  }

  #running(): Worker {
    if (this.#thread) {
      this.#thread.worker.ref();
      return this.#thread.worker;
    }
    // What runs from sources has sources beside it, what was built has what was built.
    const file = import.meta.url.endsWith('.ts') ? './search-worker.ts' : './search-worker.js';
    const thread = startThread(new URL(file, import.meta.url), this.#url);
    thread.worker.on('message', (answer: SearchAnswer) => this.#answer(answer));
    thread.worker.on('error', (error: Error) => {
      if (this.#thread === thread) this.#end(new ArchiveError(`The search failed: ${error.message}`));
    });
    this.#thread = thread;
    return thread.worker;
  }

  #answer(answer: SearchAnswer): void {
    const [first] = this.#waiting;
    if (first?.question.id !== answer.id) return;
    clearTimeout(this.#timer);
    this.#waiting.shift();
    if ('result' in answer) first.resolve(answer.result);
    else first.reject(new ArchiveError(`The search failed: ${answer.failure}`));
    this.#ask();
  }

  /** Nothing else stops a statement of SQLite: the thread ends, and the others are asked in a new one. */
  async #giveUp(): Promise<void> {
    this.#waiting[0]?.reject(new ArchiveBusyError('The search took too long'));
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.end();
    this.#waiting.shift();
    this.#ask();
  }

  /** Ends the thread and all that wait for it. The next search begins anew. */
  async #end(error: Error): Promise<void> {
    clearTimeout(this.#timer);
    const thread = this.#thread;
    this.#thread = undefined;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    await thread?.end();
  }
}
