import { notify } from './enqueue.ts';
import type { QueueName } from './queues.ts';
import type { Services } from './step.ts';

/** How often other processes are told of the same queue, in milliseconds. */
const INTERVAL_MS = 50;

/**
 * Tells other processes of a queue in which they may help. Not as part of the transactions that fill it: PostgreSQL lets
 * only one of those that tell something commit at a time. Should the word get lost, the others look every few seconds.
 */
export class Announcer {
  readonly #services: Services;
  readonly #waiting = new Set<QueueName>();
  #timer: NodeJS.Timeout | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  announce(queue: QueueName): void {
    if (this.#services.database.dialect !== 'postgresql') return;
    this.#waiting.add(queue);
    if (!this.#timer) this.#tell();
  }

  #tell(): void {
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    for (const queue of this.#waiting) {
      notify(this.#services.database.connection, queue).catch((error: Error) => {
        this.#services.log('error', `Other processes are not told of queue ${queue}: ${error.message}`);
      });
    }
    this.#waiting.clear();
    this.#timer = setTimeout(() => this.#tell(), INTERVAL_MS).unref();
  }
}
