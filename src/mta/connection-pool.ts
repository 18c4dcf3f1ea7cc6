import type { Config } from '../config/index.ts';
import {
  connectSmtp,
  type Refusal,
  type SmtpClient,
  type Transaction,
  VerpRefusedError,
} from './smtp-client.ts';
import { ConnectionTroubleError } from './smtp-session.ts';

/** A connection that nobody has used for so long is closed, in milliseconds; mail servers end them after minutes. */
const IDLE_MS = 10_000;

/** Pauses after the mail server could not be reached, in milliseconds: the first, and the longest. */
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;

/** How long a mail server that has refused XVERP is not asked for it again, in milliseconds. */
const VERP_REFUSED_MS = 3_600_000;

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
  /** What the last connection has shown. */
  #makesVerp: boolean | undefined;
  #verpRefusedUntil = 0;

  constructor(config: Config) {
    this.#config = config;
  }

  /** How long not to try, in milliseconds; 0 if one may. */
  get pauseLeft(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /** Whether the mail server makes envelope senders itself (XVERP); undefined as long as nobody was connected to it. */
  get makesVerp(): boolean | undefined {
    return performance.now() < this.#verpRefusedUntil ? false : this.#makesVerp;
  }

  /** Connects where nobody was, so that it is known; not where the mail server is away. */
  async learnVerp(): Promise<boolean> {
    if (this.makesVerp === undefined && this.pauseLeft === 0) {
      try {
        this.#giveBack(await this.#connect());
      } catch (error) {
        // The transactions meet it, too.
        if (!(error instanceof ConnectionTroubleError)) throw error;
      }
    }
    return this.makesVerp ?? false;
  }

  /**
   * Runs one transaction.
   * @param whenDone is awaited before the connection takes another
   * @returns what `whenDone` made of the refused recipients
   * @throws ConnectionTroubleError, VerpRefusedError
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
        return { client: kept, refused: await this.#sendBy(kept, transaction) };
      } catch (error) {
        // The server has ended it meanwhile; a fresh one will do, unless the message may have got through.
        if (!(error instanceof ConnectionTroubleError) || error.isUncertain) throw error;
      }
    }
    const client = await this.#connect();
    return { client, refused: await this.#sendBy(client, transaction) };
  }

  async #sendBy(client: SmtpClient, transaction: Transaction): Promise<Map<string, Refusal>> {
    try {
      return await client.send(transaction);
    } catch (error) {
      if (error instanceof VerpRefusedError) {
        this.#makesVerp = client.makesVerp;
        if (client.makesVerp) this.#verpRefusedUntil = performance.now() + VERP_REFUSED_MS;
        this.#giveBack(client);
      }
      throw error;
    }
  }

  async #connect(): Promise<SmtpClient> {
    try {
      const client = await connectSmtp(this.#config);
      this.#pauseMs = 0;
      this.#pausedUntil = 0;
      this.#makesVerp = client.makesVerp;
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
