import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How long the sink thinks before it takes a message, in milliseconds: long enough to be killed in between. */
const THINKING_MS = 5;

/** One copy of a post: which post, by which attempt to hand it in, and whom it is for. */
export type Copy = `${string} ${string}`;

/** A mail server that knows of each copy how often it came, and which of them nobody may have taken note of. */
export interface AccountingSink {
  readonly port: number;
  /** How often each copy came. */
  readonly taken: ReadonlyMap<Copy, number>;
  /** How often a copy was in flight when its connection broke: taken, and no further command came. */
  readonly inFlight: ReadonlyMap<Copy, number>;
  /** Messages that are not as they should be. */
  readonly damaged: number;
  /** Transactions that were in flight when their connection broke. */
  readonly brokenTransactions: number;
  /** Resolves with the time at which the next message is taken. */
  nextMessage(): Promise<number>;
  /** Resolves when no connection is open, and all that came is read. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** @param isWhole tells of a message, its dots still doubled, whether it is as it should be */
export async function startAccountingSink(isWhole: (message: string) => boolean): Promise<AccountingSink> {
  const sink = new Sink(isWhole);
  const server = createServer((socket) => sink.serve(socket));
  server.listen(0, '127.0.0.1', 1000);
  await once(server, 'listening');
  return Object.assign(sink, {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      sink.disconnect();
      await once(server, 'close');
    },
  });
}

class Sink {
  readonly taken = new Map<Copy, number>();
  readonly inFlight = new Map<Copy, number>();
  damaged = 0;
  brokenTransactions = 0;
  readonly #isWhole: (message: string) => boolean;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: ((time: number) => void)[] = [];

  constructor(isWhole: (message: string) => boolean) {
    this.#isWhole = isWhole;
  }

  serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const conversation = new Conversation(socket, (copies, message) => {
      if (!this.#isWhole(message)) this.damaged += 1;
      this.#take(copies);
    });
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (conversation.unsettled.length === 0) return;
      this.brokenTransactions += 1;
      for (const copy of conversation.unsettled) add(this.inFlight, copy);
    });
  }

  nextMessage(): Promise<number> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async idle(): Promise<void> {
    while (this.#sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(copies: readonly Copy[]): void {
    for (const copy of copies) add(this.taken, copy);
    for (const resolve of this.#waiting.splice(0)) resolve(performance.now());
  }
}

function add(counts: Map<Copy, number>, copy: Copy): void {
  counts.set(copy, (counts.get(copy) ?? 0) + 1);
}

/** One connection, without PIPELINING, so that each command tells that the reply before it was read. */
class Conversation {
  /** The copies of the last message, until another command comes. */
  unsettled: readonly Copy[] = [];
  readonly #socket: Socket;
  readonly #take: (copies: readonly Copy[], message: string) => void;
  #input = '';
  #inData = false;
  #recipients: string[] = [];

  constructor(socket: Socket, take: (copies: readonly Copy[], message: string) => void) {
    this.#socket = socket;
    this.#take = take;
    this.#say('220 sink ESMTP');
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#input += text;
      while (this.#inData ? this.#message() : this.#command());
    });
  }

  #command(): boolean {
    const end = this.#input.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#input.slice(0, end);
    this.#input = this.#input.slice(end + 2);
    this.unsettled = [];
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') this.#say('250-sink\r\n250 8BITMIME');
    else if (verb === 'MAIL') {
      this.#recipients = [];
      this.#say('250 Ok');
    } else if (verb === 'RCPT') {
      this.#recipients.push(/<(.*)>/.exec(line)?.[1] ?? '');
      this.#say('250 Ok');
    } else if (verb === 'DATA') {
      this.#inData = true;
      this.#say('354 Go on');
    } else if (verb === 'QUIT') {
      this.#say('221 Bye');
      this.#socket.end();
    } else this.#say('250 Ok');
    return true;
  }

  #message(): boolean {
    const end = this.#input.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    const message = this.#input.slice(0, end);
    const id = /^X-Attempt: (\S+)/m.exec(message)?.[1] ?? 'notice';
    this.#input = this.#input.slice(end + 5);
    this.#inData = false;
    const copies = this.#recipients.map((recipient): Copy => `${id} ${recipient}`);
    this.unsettled = copies;
    this.#take(copies, message);
    setTimeout(() => this.#say('250 Ok'), THINKING_MS);
    return true;
  }

  #say(text: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${text}\r\n`);
  }
}
