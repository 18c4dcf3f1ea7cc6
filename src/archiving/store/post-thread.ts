import type { Worker } from 'node:worker_threads';
import { ArchiveError } from './errors.ts';
import type { ArrivingPost } from './incoming.ts';
import { startThread, type Thread } from './thread.ts';

export interface PostTask {
  readonly id: number;
  readonly listId: string;
  readonly posts: readonly ArrivingPost[];
}

export interface PostAnswer {
  readonly id: number;
  /** Why it could not be done; nothing of the task is in the archive then. */
  readonly failure?: string;
}

/** A thread that has nothing to do for so long ends, and its memory is free again; in milliseconds. */
const IDLE_LIMIT = 20_000;

/** Of the thread: enough for posts that are not large, tidied up early. */
const MEMORY = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 96 };

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Adds posts to an archive in a thread of its own, so that the mail need not wait while they are taken apart,
 * compressed and indexed. The thread begins with the first post.
 */
export class PostThread {
  readonly #url: string;
  readonly #idleLimit: number;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Thread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;

  /** @param url of the database @param idleLimit in milliseconds */
  constructor(url: string, idleLimit: number = IDLE_LIMIT) {
    this.#url = url;
    this.#idleLimit = idleLimit;
  }

  /** In one transaction; resolves when it is on disk. @throws ArchiveError where it fails */
  add(listId: string, posts: readonly ArrivingPost[]): Promise<void> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#running().postMessage({ id, listId, posts } satisfies PostTask);
    });
  }

  async close(): Promise<void> {
    await this.#end(new ArchiveError('The archive is being closed'));
  }

  #running(): Worker {
    clearTimeout(this.#idle);
    if (this.#thread) {
      this.#thread.worker.ref();
      return this.#thread.worker;
    }
    // What runs from sources has sources beside it, what was built has what was built.
    const file = import.meta.url.endsWith('.ts') ? './post-worker.ts' : './post-worker.js';
    const thread = startThread(new URL(file, import.meta.url), this.#url, MEMORY);
    thread.worker.on('message', (answer: PostAnswer) => this.#answer(answer));
    thread.worker.on('error', (error: Error) => {
      if (this.#thread === thread) void this.#end(new ArchiveError(error.message));
    });
    this.#thread = thread;
    return thread.worker;
  }

  #answer({ id, failure }: PostAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure === undefined) waiting?.resolve();
    else waiting?.reject(new ArchiveError(failure));
    if (this.#waiting.size > 0) return;
    // A thread that has nothing to do keeps no process alive.
    this.#thread?.worker.unref();
    this.#idle = setTimeout(() => void this.close(), this.#idleLimit).unref();
  }

  /** Ends the thread and all that wait for it. The next post begins anew. */
  async #end(error: Error): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    await thread?.end();
  }
}
