import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A mail that the sink has taken. */
export interface SunkMail {
  readonly sender: string;
  /** What stands behind the sender. */
  readonly parameters: string;
  readonly recipients: readonly string[];
  readonly message: Buffer;
}

/** How the sink answers. */
export interface SinkBehaviour {
  /** A reply other than 250 to RCPT. */
  readonly onRecipient?: (recipient: string) => string | undefined;
  readonly onSender?: (sender: string, parameters: string) => string | undefined;
  /** The reply to the message, perhaps after a while; 250 otherwise. */
  readonly onMessage?: (mail: SunkMail) => Promise<string | undefined> | string | undefined;
  /** Instead of the greeting. */
  readonly greeting?: string;
  /** EHLO keywords. */
  readonly extensions?: readonly string[];
  /** Whether mails are kept in `mails`; the counts are kept always. */
  readonly isKeeping?: boolean;
}

/** A mail server that takes everything and counts. It is quick enough to measure with. */
export interface SmtpSink {
  readonly port: number;
  readonly mails: SunkMail[];
  /** How often each recipient got a mail. */
  readonly counts: Map<string, number>;
  readonly totals: {
    connections: number;
    open: number;
    mostOpen: number;
    transactions: number;
    recipients: number;
  };
  behaviour: SinkBehaviour;
  /** Breaks off all connections. */
  disconnect(): void;
  stop(): Promise<void>;
}

const END_OF_DATA = Buffer.from('\r\n.\r\n');

/** Starts it on a port of 127.0.0.1. */
export async function startSmtpSink(behaviour: SinkBehaviour = {}, port = 0): Promise<SmtpSink> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    sink.totals.connections += 1;
    sink.totals.open += 1;
    sink.totals.mostOpen = Math.max(sink.totals.mostOpen, sink.totals.open);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      sink.totals.open -= 1;
    });
    new Session(socket, sink).begin();
  });
  server.listen(port, '127.0.0.1', 1000);
  await once(server, 'listening');
  const sink: SmtpSink = {
    port: (server.address() as AddressInfo).port,
    mails: [],
    counts: new Map(),
    totals: { connections: 0, open: 0, mostOpen: 0, transactions: 0, recipients: 0 },
    behaviour,
    disconnect: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return sink;
}

class Session {
  readonly #socket: Socket;
  readonly #sink: SmtpSink;
  /** What came since `#input` was looked at. */
  readonly #arrived: Buffer[] = [];
  #input: Buffer = Buffer.alloc(0);
  #inData = false;
  #isBusy = false;
  #sender: string | undefined;
  #parameters = '';
  #recipients: string[] = [];

  constructor(socket: Socket, sink: SmtpSink) {
    this.#socket = socket;
    this.#sink = sink;
  }

  begin(): void {
    this.#say(this.#sink.behaviour.greeting ?? '220 sink ESMTP');
    this.#socket.on('data', (chunk: Buffer) => {
      this.#arrived.push(chunk);
      // A large message is put together once, at its end.
      if (this.#inData && !this.#mayEnd(chunk)) return;
      void this.#work();
    });
  }

  /** Whether the end of a message may be in what has come. */
  #mayEnd(chunk: Buffer): boolean {
    const before = this.#arrived.at(-2) ?? this.#input;
    const seam = Buffer.concat([before.subarray(-END_OF_DATA.length), chunk.subarray(0, END_OF_DATA.length)]);
    return chunk.length < END_OF_DATA.length || chunk.includes(END_OF_DATA) || seam.includes(END_OF_DATA);
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    do {
      const [first, ...more] = this.#arrived.splice(0);
      if (first && more.length === 0 && this.#input.length === 0) this.#input = first;
      else if (first) this.#input = Buffer.concat([this.#input, first, ...more]);
    } while (this.#inData ? await this.#message() : this.#command());
    this.#isBusy = false;
  }

  #command(): boolean {
    const end = this.#input.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#input.toString('utf8', 0, end);
    this.#input = this.#input.subarray(end + 2);
    const { behaviour } = this.#sink;
    const verb = line.slice(0, 4).toUpperCase();
    const path = /<(.*)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO') {
      const extensions = behaviour.extensions ?? ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 100000000'];
      const lines = ['sink', ...extensions];
      this.#say(lines.map((text, index) => `250${index < lines.length - 1 ? '-' : ' '}${text}`).join('\r\n'));
    } else if (verb === 'MAIL') {
      const parameters = line.slice(line.indexOf('>') + 2);
      const refusal =
        this.#sender === undefined
          ? behaviour.onSender?.(path, parameters)
          : '503 5.5.1 Error: nested MAIL command';
      if (refusal === undefined) {
        this.#sender = path;
        this.#parameters = parameters;
        this.#recipients = [];
      }
      this.#say(refusal ?? '250 2.1.0 Ok');
    } else if (verb === 'RCPT') {
      const refusal = this.#sender === undefined ? '503 5.5.1 Need MAIL' : behaviour.onRecipient?.(path);
      if (refusal === undefined) this.#recipients.push(path);
      this.#say(refusal ?? '250 2.1.5 Ok');
    } else if (verb === 'DATA') {
      this.#inData = this.#recipients.length > 0;
      this.#say(this.#inData ? '354 Go on' : '503 5.5.1 No recipients');
    } else if (verb === 'QUIT') {
      this.#say('221 2.0.0 Bye');
      this.#socket.end();
    } else {
      if (verb === 'RSET') this.#sender = undefined;
      this.#say('250 2.0.0 Ok');
    }
    return true;
  }

  async #message(): Promise<boolean> {
    const end = this.#input.indexOf(END_OF_DATA);
    if (end < 0) return false;
    const message = this.#input.subarray(0, end + 2);
    this.#input = this.#input.subarray(end + END_OF_DATA.length);
    this.#inData = false;
    const mail = {
      sender: this.#sender ?? '',
      parameters: this.#parameters,
      recipients: this.#recipients,
      message,
    };
    this.#sender = undefined;
    const reply = await this.#sink.behaviour.onMessage?.(mail);
    if (reply === undefined) this.#take(mail);
    this.#say(reply ?? '250 2.0.0 Ok');
    return true;
  }

  #take(mail: SunkMail): void {
    const { mails, counts, totals, behaviour } = this.#sink;
    totals.transactions += 1;
    totals.recipients += mail.recipients.length;
    if (behaviour.isKeeping !== false) mails.push({ ...mail, message: Buffer.from(mail.message) });
    for (const recipient of mail.recipients) counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
  }

  #say(text: string): void {
    this.#socket.write(`${text}\r\n`);
  }
}
