import { setTimeout as sleep } from 'node:timers/promises';

/** How long a batch is gathered, in milliseconds: one that is larger costs little more. */
const GATHERING = 10;

/** Of one batch: items, and octets beyond which nothing more is put with others. */
const MOST_ITEMS = 64;
const MOST_OCTETS = 1_000_000;

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does together what is asked for one by one: while a batch is at work, what comes is gathered for the next one. An item
 * answers for itself alone: those of a batch that fails are tried once more, each by itself.
 */
export class Batches<Item> {
  readonly #work: (items: readonly Item[]) => Promise<void>;
  readonly #sizeOf: (item: Item) => number;
  readonly #waiting: Waiting<Item>[] = [];
  #isWorking = false;

  /**
   * @param work does all of them or none
   * @param sizeOf octets, so that large items are not in memory together
   */
  constructor(work: (items: readonly Item[]) => Promise<void>, sizeOf: (item: Item) => number) {
    this.#work = work;
    this.#sizeOf = sizeOf;
  }

  /** Resolves when it is done. Throws what `work` throws for this item alone. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isWorking) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      await sleep(GATHERING);
      const batch = this.#waiting.splice(0, this.#fitting());
      try {
        await this.#work(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else for (const { item, resolve, reject } of batch) await this.#work([item]).then(resolve, reject);
      }
    }
    this.#isWorking = false;
  }

  /** How many of those that wait make the next batch; at least one. */
  #fitting(): number {
    let octets = 0;
    const count = this.#waiting.slice(0, MOST_ITEMS).findIndex(({ item }, index) => {
      octets += this.#sizeOf(item);
      return index > 0 && octets > MOST_OCTETS;
    });
    return count === -1 ? MOST_ITEMS : count;
  }
}
