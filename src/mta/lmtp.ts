import { hostname } from 'node:os';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import { DatabaseError } from '../database/failures.ts';
import { tidyAfter, turnFor } from '../queue/large-messages.ts';
import type { MessageMetadata, QueueName } from '../queue/queues.ts';
import type { Services } from '../queue/step.ts';
import { addressForm, type FoundRecipient, ListLookup } from './list-lookup.ts';
import { listenEverywhere } from './listen.ts';
import { type BodyMemory, bodyMemory, PATIENCE_MS, receiveBody, SlowSenderError } from './lmtp-body.ts';
import { parseQuotedPath } from './quoted-path.ts';
import { receivedMessage } from './reception.ts';
import { route } from './recipient.ts';

/** Octets of the largest message, as Mailman announces it. */
const DEFAULT_SIZE_LIMIT = 33_554_432;

/** Octets of large messages in memory at once: one of the largest, with its copies. */
const MEMORY_BUDGET = 3 * DEFAULT_SIZE_LIMIT;

/** Idle time after which a connection is closed, in milliseconds (RFC 5321 4.5.3.2.7). */
const IDLE_LIMIT = 300_000;

/** How long connections may go on when the server stops, in milliseconds. */
const CLOSE_LIMIT = 1000;

const MAX_RECIPIENTS = 1000;

/** Takes a message into several queues, wholly or not at all; resolves when it is on disk. */
export type AcceptMessage = (
  message: Buffer,
  entries: readonly { readonly queue: QueueName; readonly metadata: MessageMetadata }[],
) => Promise<void>;

/** Settings of the server that have no key in the configuration; for tests. */
export interface LmtpOptions {
  readonly sizeLimit?: number;
  readonly memory?: number;
  /** Milliseconds. */
  readonly patience?: number;
}

/** A server that takes mail for lists by LMTP (RFC 2033). */
export interface LmtpServer {
  readonly port: number;
  /** Takes no more connections, lets those that are there finish. */
  stop(): Promise<void>;
}

/** Starts it on `[mta] lmtp_host` and `lmtp_port`. Throws the system's error where it cannot listen. */
export async function startLmtp(
  services: Services,
  accept: AcceptMessage,
  options: LmtpOptions = {},
): Promise<LmtpServer> {
  const { lmtp_host, lmtp_port } = services.config.mta;
  const server = createServer(new Reception(services, accept, options));
  server.on('error', (error) => services.log('error', `LMTP: ${error.message}`));
  const listening = await listenEverywhere(server.server, lmtp_port, lmtp_host);
  return {
    port: listening.port,
    stop: () =>
      new Promise((resolve) => {
        listening.stop();
        server.close(() => resolve());
      }),
  };
}

function createServer(reception: Reception): SMTPServer {
  return new PromptServer({
    lmtp: true,
    name: hostname(),
    banner: 'Ferryman',
    logger: false,
    size: reception.sizeLimit,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    // The addresses of lists are checked by whether there is such a list.
    lenientAddressParsing: true,
    hideENHANCEDSTATUSCODES: true,
    maxRecipients: MAX_RECIPIENTS,
    socketTimeout: IDLE_LIMIT,
    closeTimeout: CLOSE_LIMIT,
    onMailFrom: (_address, session, done) => {
      reception.begin(session);
      done();
    },
    onRcptTo: (address, session, done) => {
      reception.addRecipient(address, session).then(() => done(), done);
    },
    onData: (stream, session, done) => {
      reception.receive(stream, session).then((replies) => done(null, replies), done);
    },
  });
}

/**
 * Without the library's pause of 100 ms before the greeting, which is against spam bots and not for a local mail server; and
 * with local parts in quotes, which the library refuses.
 */
class PromptServer extends SMTPServer {
  override connect(...socket: Parameters<SMTPServer['connect']>): void {
    const before = new Set(this.connections);
    super.connect(...socket);
    for (const connection of this.connections) {
      if (before.has(connection)) continue;
      const ready = connection.connectionReady.bind(connection);
      // The library's timer finds nothing left to do.
      connection.connectionReady = () => {};
      const parse = connection._parseAddressCommand.bind(connection);
      connection._parseAddressCommand = (name, command) =>
        parseQuotedPath(command.toString(), (plain) => parse(name, plain));
      setImmediate(ready);
    }
  }
}

/** What happens to the commands of a mail transaction. */
class Reception {
  readonly sizeLimit: number;
  readonly #services: Services;
  readonly #accept: AcceptMessage;
  readonly #lookup: ListLookup;
  readonly #memory: BodyMemory;
  readonly #patience: number;
  /** The library merges recipients that differ only in case; each of them must get a reply of its own (RFC 2033 4.2). */
  readonly #recipients = new WeakMap<SMTPServerSession, FoundRecipient[]>();

  constructor(services: Services, accept: AcceptMessage, { sizeLimit, memory, patience }: LmtpOptions) {
    this.sizeLimit = sizeLimit ?? DEFAULT_SIZE_LIMIT;
    this.#services = services;
    this.#accept = accept;
    this.#lookup = new ListLookup(services.database.connection, addressForm(services.config));
    this.#memory = bodyMemory(memory ?? MEMORY_BUDGET);
    this.#patience = patience ?? PATIENCE_MS;
  }

  begin(session: SMTPServerSession): void {
    this.#recipients.set(session, []);
  }

  /** @throws ReplyError with 550 where there is no such list */
  async addRecipient({ address }: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const recipients = this.#recipients.get(session);
    if ((recipients?.length ?? 0) >= MAX_RECIPIENTS) throw new ReplyError(452, 'Error: too many recipients');
    const found = await this.#lookup.find(address).catch((error: unknown) => {
      throw this.#temporary(error);
    });
    if (!found) throw new ReplyError(550, 'Requested action not taken: mailbox unavailable');
    recipients?.push(found);
  }

  /** Takes the message. @returns a reply for each accepted recipient, in their order */
  async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<(string | Error)[]> {
    const recipients = this.#recipients.get(session) ?? [];
    const { mailFrom } = session.envelope;
    const announced = mailFrom ? announcedSize(mailFrom) : undefined;
    const reply = await this.#store(stream, recipients, mailFrom ? mailFrom.address : '', announced);
    return recipients.map(() => reply);
  }

  async #store(
    stream: SMTPServerDataStream,
    recipients: readonly FoundRecipient[],
    sender: string,
    announced: number | undefined,
  ): Promise<string | Error> {
    const { message, length, release } = await this.#read(stream, sender, announced);
    try {
      if (length > this.sizeLimit) return new ReplyError(552, 'Error: Too much mail data');
      if (!message) return new ReplyError(451, 'Error: message is larger than its SIZE');
      // While it is written and worked on it need not be there a second time, as it came.
      tidyAfter(length);
      const destinations = this.#destinations(recipients, sender, length);
      if (destinations.length > 0) await this.#accept(message, destinations);
      else this.#services.log('bounce', `mail from <${sender}> that was going round in circles was dropped`);
      return 'Ok';
    } catch (error) {
      return this.#temporary(error);
    } finally {
      release();
    }
  }

  /** A function of its own, so that nothing refers to the bytes as they came when the message is made of them. */
  async #read(stream: SMTPServerDataStream, sender: string, announced: number | undefined) {
    const limit = this.sizeLimit;
    const {
      bytes,
      length,
      release: giveBack,
    } = await receiveBody(stream, this.#memory, { limit, announced, patience: this.#patience }).catch(
      (error: unknown) => {
        throw error instanceof SlowSenderError ? this.#temporary(error) : error;
      },
    );
    const endTurn = await turnFor(bytes?.length ?? 0);
    const release = (): void => {
      endTurn();
      giveBack();
    };
    try {
      return {
        message: bytes && length <= limit ? receivedMessage(bytes, sender) : undefined,
        length,
        release,
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Two recipients that mean the same address of a list get the message once. */
  #destinations(recipients: readonly FoundRecipient[], sender: string, size: number) {
    const { clock, config } = this.#services;
    const received = clock.now();
    const routes = recipients
      .filter(({ isLoop }) => !isLoop)
      .map(({ listId, reading, stage }) => route(listId, reading, config.mailman.site_owner, stage));
    const distinct = new Map(
      routes.map((destination) => [JSON.stringify(destination), destination] as const),
    );
    return [...distinct.values()].map(({ queue, metadata }) => ({
      queue,
      metadata: { ...metadata, envelope_sender: sender, received_time: received, original_size: size },
    }));
  }

  /** The mail server keeps the mail and tries again. */
  #temporary(error: unknown): Error {
    this.#services.log('error', `LMTP: ${error instanceof Error ? error.message : String(error)}`);
    const isFull =
      error instanceof DatabaseError &&
      /^(SQLITE_FULL|53100|ER_(DISK|RECORD_FILE)_FULL)/.test(error.code ?? '');
    return isFull
      ? new ReplyError(452, 'Requested action not taken: insufficient system storage')
      : new ReplyError(451, 'Requested action aborted: error in processing');
  }
}

/** RFC 1870; what is no number counts as not said. */
function announcedSize({ args }: SMTPServerAddress): number | undefined {
  return args ? Number(args.SIZE) || undefined : undefined;
}

/** A reply that is not 250. */
class ReplyError extends Error {
  override name = 'ReplyError';
  readonly responseCode: number;

  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}
