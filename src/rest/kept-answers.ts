import type { HttpAnswer } from './answer.ts';

/** Octets of the answers that are kept, of the largest of them, and characters of the longest request. */
const MOST_BYTES = 16 * 1024 * 1024;
const LARGEST = 512 * 1024;
const LONGEST_TARGET = 500;

/** Roughly what an answer takes beside its text. */
const OVERHEAD = 500;

/**
 * Answers that were given since the database has changed last. To make a page of a roster takes ten times as long as
 * to send it, and whoever looks at a list asks for the same pages again.
 */
export class KeptAnswers {
  readonly #answers = new Map<string, HttpAnswer>();
  #state = '';
  #bytes = 0;

  /**
   * The answer to this request.
   * @param state of the database, see `databaseState`
   */
  find(state: string, target: string): HttpAnswer | undefined {
    return state === this.#state ? this.#answers.get(target) : undefined;
  }

  /** @param state of the database before the answer was made */
  keep(state: string, target: string, answer: HttpAnswer): void {
    if (answer.pieces || answer.body.length > LARGEST || target.length > LONGEST_TARGET) return;
    if (state !== this.#state || this.#bytes > MOST_BYTES) this.#forget(state);
    if (this.#answers.has(target)) return;
    this.#answers.set(target, answer);
    this.#bytes += answer.body.length + OVERHEAD;
  }

  #forget(state: string): void {
    this.#answers.clear();
    this.#state = state;
    this.#bytes = 0;
  }
}
