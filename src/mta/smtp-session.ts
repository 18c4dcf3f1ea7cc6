import type { Socket } from 'node:net';
import { isInternational } from './envelope-address.ts';
import type { DataPiece } from './smtp-data.ts';
import { BadReplyError, type Reply, ReplyReader } from './smtp-reply.ts';

/** How long a server may take for one reply although something of it comes now and then, in milliseconds (RFC 5321 4.5.3.2.6). */
const REPLY_LIMIT_MS = 600_000;

/** Mailman's code for whatever went wrong with the connection itself. */
export const CONNECTION_TROUBLE = 444;

/** RFC 5321 3.8: the server ends the connection, whatever was asked. */
const CLOSING = 421;

/** The mail server could not be reached, or broke off. No recipient has been answered for. */
export class ConnectionTroubleError extends Error {
  override name = 'ConnectionTroubleError';
  readonly code: number;
  /** Whether the message may have been taken all the same: the connection broke while its reply was due. */
  readonly isUncertain: boolean;

  constructor(text: string, code: number, isUncertain: boolean) {
    super(text);
    this.code = code;
    this.isUncertain = isUncertain;
  }
}

/** Who waits for replies. */
interface Waiting {
  readonly count: number;
  readonly replies: Reply[];
  readonly resolve: (replies: readonly Reply[]) => void;
  readonly reject: (error: ConnectionTroubleError) => void;
}

/**
 * Commands and replies on a connection that is open already, one exchange at a time. Whatever is out of order ends it: a
 * reply that nobody waits for, a line that is no reply, 421.
 */
export class SmtpSession {
  readonly #socket: Socket;
  readonly #reader = new ReplyReader();
  /** Called once where this side finds that the connection is of no use any more. */
  readonly #abandon: () => void;
  #waiting: Waiting | undefined;
  #trouble: { readonly text: string; readonly code: number } | undefined;
  /** The end of a message is on its way, or arrived, and there is no reply yet. */
  #isDecided = false;
  #repliesSince = 0;
  #onDrain: (() => void) | undefined;

  constructor(socket: Socket, abandon: () => void) {
    this.#socket = socket;
    this.#abandon = abandon;
    socket.on('data', this.#read);
    socket.on('drain', this.#drain);
  }

  get isUsable(): boolean {
    return this.#trouble === undefined;
  }

  /** Writes commands, and waits for so many replies. @throws ConnectionTroubleError */
  async exchange(commands: string, count: number): Promise<readonly Reply[]> {
    const replies = this.#replies(count);
    if (this.isUsable) this.#socket.write(commands, isInternational(commands) ? 'utf8' : 'latin1');
    return replies;
  }

  /**
   * Writes a message piece by piece, as the server takes it, and waits for the reply. One that comes earlier is a refusal;
   * the rest is not sent then, and the connection ends.
   * @throws ConnectionTroubleError
   */
  async sendMessage(pieces: Iterable<DataPiece>): Promise<Reply> {
    const replies = this.#replies(1);
    for (const { buffers, isLast } of pieces) {
      if (!this.#waiting) break;
      this.#isDecided = isLast;
      this.#socket.cork();
      for (const bytes of buffers) this.#socket.write(bytes);
      this.#socket.uncork();
      if (!isLast && this.#socket.writableNeedDrain)
        await new Promise<void>((resolve) => (this.#onDrain = resolve));
    }
    const isWhole = this.#isDecided;
    const [reply] = await replies;
    this.#isDecided = false;
    if (!isWhole) this.fail('The mail server has answered before the end of the message');
    if (!reply || (!isWhole && reply.code < 400)) throw this.#error(false);
    return reply;
  }

  /** Ends it; whoever waits gets an error. */
  fail(text: string, code = CONNECTION_TROUBLE): void {
    if (!this.isUsable) return;
    this.#trouble = { text, code };
    this.leave();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(this.#error(this.#isDecided && code !== CLOSING));
    this.#drain();
    this.#abandon();
  }

  /** Hears no more of what the server says. */
  leave(): void {
    this.#socket.off('data', this.#read);
    this.#socket.off('drain', this.#drain);
  }

  #replies(count: number): Promise<readonly Reply[]> {
    if (!this.isUsable) return Promise.reject(this.#error(false));
    this.#repliesSince = performance.now();
    this.#isDecided = false;
    return new Promise((resolve, reject) => {
      this.#waiting = { count, replies: [], resolve, reject };
    });
  }

  readonly #read = (piece: Buffer): void => {
    let replies: readonly Reply[];
    try {
      replies = this.#reader.read(piece);
    } catch (error) {
      if (!(error instanceof BadReplyError)) throw error;
      this.fail(error.message);
      return;
    }
    for (const reply of replies) if (this.isUsable) this.#hear(reply);
    const now = performance.now();
    if (replies.length > 0) this.#repliesSince = now;
    else if (now - this.#repliesSince > REPLY_LIMIT_MS) this.fail('The mail server takes too long to answer');
  };

  #hear(reply: Reply): void {
    const waiting = this.#waiting;
    if (reply.code === CLOSING) {
      this.fail(reply.text, CLOSING);
    } else if (!waiting) {
      this.fail(`The mail server says what nobody has asked: ${reply.code} ${reply.text}`);
    } else if (waiting.replies.push(reply) === waiting.count) {
      this.#waiting = undefined;
      this.#drain();
      waiting.resolve(waiting.replies);
    }
  }

  readonly #drain = (): void => {
    const wake = this.#onDrain;
    this.#onDrain = undefined;
    wake?.();
  };

  #error(isUncertain: boolean): ConnectionTroubleError {
    const { text, code } = this.#trouble ?? { text: 'No reply', code: CONNECTION_TROUBLE };
    return new ConnectionTroubleError(text, code, isUncertain);
  }
}
