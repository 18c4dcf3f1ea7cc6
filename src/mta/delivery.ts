import PQueue from 'p-queue';
import type { Config } from '../config/index.ts';
import type { Consumer, EntryKeeper } from '../queue/engine.ts';
import type { QueueEntry } from '../queue/entry.ts';
import { isLarge, tidyAfter } from '../queue/large-messages.ts';
import { ConnectionPool } from './connection-pool.ts';
import { logAttempt } from './delivery-log.ts';
import { type DeliveryCounts, DeliveryPass, type Group, type PassPlan, planPass } from './delivery-pass.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { DeliveryHooks } from './outgoing.ts';

/** Connections at once where `[mta] max_delivery_threads` is 0. */
const DEFAULT_CONNECTIONS = 20;

/** Messages whose delivery is under way at once; a large one takes its turns with the others. */
const MESSAGES_PER_CONNECTION = 4;

/** Octets of large copies at once, where each recipient gets one of his own; one is always made. */
const MOST_COPIES = 16 * 1024 * 1024;

/** How often to look whether to stop while the mail server is away, in milliseconds. */
const LOOK_MS = 200;

/** Sends what is in the queue `out`. */
export interface Delivery {
  readonly consumer: Consumer;
  readonly counts: Readonly<DeliveryCounts>;
  /** Begins no further transaction; those under way are finished. */
  stop(): void;
  /** Closes the connections, after the queue has stopped. */
  close(): void;
}

/** @param hooks what the flow and bounce processing have to say */
export function createDelivery(config: Config, hooks: DeliveryHooks): Delivery {
  return new SmtpDelivery(config, hooks);
}

class SmtpDelivery implements Delivery {
  readonly consumer: Consumer;
  readonly counts: DeliveryCounts = { delivered: 0, deferred: 0, refused: 0, transactions: 0 };
  readonly #hooks: DeliveryHooks;
  readonly #pool: ConnectionPool;
  readonly #transactions: PQueue;
  readonly #connections: number;
  readonly #largeCopies = new MemoryBudget(MOST_COPIES);
  #isStopped = false;

  constructor(config: Config, hooks: DeliveryHooks) {
    this.#hooks = hooks;
    this.#connections = config.mta.max_delivery_threads || DEFAULT_CONNECTIONS;
    this.#pool = new ConnectionPool(config);
    this.#transactions = new PQueue({ concurrency: this.#connections });
    this.consumer = {
      concurrency: this.#connections * MESSAGES_PER_CONNECTION,
      consume: (entry, keeper) => this.#consume(entry, keeper),
    };
  }

  stop(): void {
    this.#isStopped = true;
  }

  close(): void {
    this.#pool.close();
  }

  async #consume(entry: QueueEntry, keeper: EntryKeeper): Promise<void> {
    if (this.#isStopped) return;
    const started = performance.now();
    const makesVerp = await this.#makesVerp(entry);
    const plan = await keeper.inStep(entry, (step) => planPass(entry, this.#hooks, makesVerp, step));
    const tools = { hooks: this.#hooks, pool: this.#pool, counts: this.counts };
    const pass = new DeliveryPass(entry, keeper, plan, tools);
    if (plan.unfit.length > 0 || plan.transactions.length === 0) await pass.settleUnfit(plan.unfit);
    await this.#deliverAll(pass, plan);
    const { config, log } = keeper.services;
    logAttempt(config, log, plan.outgoing, {
      recipients: plan.transactions.reduce(
        (sum, { recipients }) => sum + recipients.length,
        plan.unfit.length,
      ),
      octets: pass.octets,
      seconds: (performance.now() - started) / 1000,
      failed: pass.failed,
    });
  }

  /** Asked only for a message whose copies may differ in nothing but their envelope senders. */
  async #makesVerp({ metadata }: QueueEntry): Promise<boolean> {
    if (!metadata.verp || metadata.personalize) return false;
    return this.#pool.makesVerp ?? this.#transactions.add(() => this.#pool.learnVerp());
  }

  /**
   * Queues the transactions of one message, never more than there are connections: those of a large message and those
   * of messages that come after it take turns.
   */
  async #deliverAll(pass: DeliveryPass, { transactions }: PassPlan): Promise<void> {
    const running = new Set<Promise<void>>();
    const failures: unknown[] = [];
    const left = [...transactions].reverse();
    // Promise.race would leave a reaction with each of those that run, for each that has ended.
    let wake = (): void => {};
    for (;;) {
      if (left.length === 0) await Promise.all(running);
      const group = left.pop();
      if (!group || this.#isStopped || failures.length > 0) break;
      const one = this.#transactions
        .add(() => this.#transact(pass, group))
        .then((more) => {
          for (const other of more) left.push(other);
        })
        .catch((error: unknown) => void failures.push(error))
        .finally(() => {
          running.delete(one);
          wake();
        });
      running.add(one);
      if (running.size >= this.#connections) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    await Promise.all(running);
    if (failures.length > 0) throw failures[0];
  }

  /** @returns what is to be done instead */
  async #transact(pass: DeliveryPass, group: Group): Promise<readonly Group[]> {
    while (!this.#isStopped && this.#pool.pauseLeft > 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, this.#pool.pauseLeft)));
    }
    const octets = pass.octetsOfCopy;
    if (!isLarge(octets)) {
      return this.#isStopped ? [] : pass.deliver(group);
    }
    const giveBack = await this.#largeCopies.acquire(octets);
    try {
      return this.#isStopped ? [] : await pass.deliver(group);
    } finally {
      tidyAfter(octets);
      giveBack();
    }
  }
}
