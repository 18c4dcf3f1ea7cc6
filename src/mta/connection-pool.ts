import type { Config } from '../config/index.ts';
import { connectSmtp, type Refusal, type SmtpClient, type Transaction } from './smtp-client.ts';
import { ConnectionTroubleError } from './smtp-session.ts';

/** A connection that nobody has used for so long is closed, in milliseconds; mail servers end them after minutes. */
const IDLE_MS = 10_000;

/** Pauses after the mail server could not be reached, in milliseconds: the first, and the longest. */
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;

interface Idle {
  readonly client: SmtpClient;
  readonly timer: NodeJS.Timeout;
}

/**
 * Connections to the mail server, kept for further transactions. After a failure to connect nobody tries for a while, so
 * that a server which is away is not knocked at by every message in the queue.
 */
export class ConnectionPool {
  readonly #config: Config;
  readonly #idle: Idle[] = [];
  #pauseMs = 0;
  #pausedUntil = 0;
  #isClosed = false;

  constructor(config: Config) {
    this.#config = config;
  }

  /** How long not to try, in milliseconds; 0 if one may. */
  get pauseLeft(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /**
   * Runs one transaction.
   * @param whenDone is awaited before the connection takes another
   * @returns what `whenDone` made of the refused recipients
   * @throws ConnectionTroubleError
   */
  async transact<T>(
    transaction: Transaction,
    whenDone: (refused: Map<string, Refusal>) => Promise<T>,
  ): Promise<T> {
    const { client, refused } = await this.#send(transaction);
    try {
      return await whenDone(refused);
    } finally {
      this.#giveBack(client);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { client, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      client.close();
    }
  }

  async #send(
    transaction: Transaction,
  ): Promise<{ readonly client: SmtpClient; readonly refused: Map<string, Refusal> }> {
    for (let kept = this.#takeIdle(); kept; kept = this.#takeIdle()) {
      try {
        return { client: kept, refused: await kept.send(transaction) };
      } catch (error) {
        // The server has ended it meanwhile; a fresh one will do, unless the message may have got through.
        if (!(error instanceof ConnectionTroubleError) || error.isUncertain) throw error;
      }
    }
    const client = await this.#connect();
    return { client, refused: await client.send(transaction) };
  }

  async #connect(): Promise<SmtpClient> {
    try {
      const client = await connectSmtp(this.#config);
      this.#pauseMs = 0;
      this.#pausedUntil = 0;
      return client;
    } catch (error) {
      this.#pauseMs = Math.min(LONGEST_PAUSE, this.#pauseMs === 0 ? FIRST_PAUSE : this.#pauseMs * 2);
      this.#pausedUntil = performance.now() + this.#pauseMs;
      throw error;
    }
  }

  #takeIdle(): SmtpClient | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.client.isUsable) return idle.client;
    }
    return undefined;
  }

  #giveBack(client: SmtpClient): void {
    const limit = this.#config.mta.max_sessions_per_connection;
    if (!client.isUsable) return;
    if (this.#isClosed || (limit > 0 && client.transactions >= limit)) {
      client.close();
      return;
    }
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex((idle) => idle.client === client),
        1,
      );
      client.close();
    }, IDLE_MS).unref();
    this.#idle.push({ client, timer });
  }
}
