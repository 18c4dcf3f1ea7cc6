import { isAscii } from 'node:buffer';
import type { Config } from '../config/index.ts';
import { isInternational } from './envelope-address.ts';
import { openConnection, type SmtpConnection } from './smtp-connection.ts';
import { dataOf } from './smtp-data.ts';
import type { Reply } from './smtp-reply.ts';
import { CONNECTION_TROUBLE, ConnectionTroubleError } from './smtp-session.ts';

/** A reply that is not success. */
export type Refusal = Reply;

/** What one mail transaction is about. */
export interface Transaction {
  /** '' for the null sender. */
  readonly sender: string;
  /** Each once. */
  readonly recipients: readonly string[];
  /** With CRLF. */
  readonly message: Buffer;
  /** The delimiters by which the server is to name each recipient in a sender of his own (XVERP). */
  readonly verp?: string | undefined;
}

/** The server does not make senders by XVERP, or not these. Nobody has got anything, and the connection is good. */
export class VerpRefusedError extends Error {
  override name = 'VerpRefusedError';
}

/** A connection to the mail server; one transaction at a time. */
export interface SmtpClient {
  readonly transactions: number;
  readonly isUsable: boolean;
  /** Whether the server says that it knows XVERP. */
  readonly makesVerp: boolean;
  /** @returns the recipients that were refused; @throws ConnectionTroubleError, VerpRefusedError */
  send(transaction: Transaction): Promise<Map<string, Refusal>>;
  close(): void;
}

/** Connects as `[mta] smtp_*` say, with TLS and login. @throws ConnectionTroubleError */
export async function connectSmtp(config: Config): Promise<SmtpClient> {
  return new Client(await openConnection(config));
}

/** What the server has answered before the message. */
interface EnvelopeReplies {
  readonly mail: Reply;
  /** In the order of the recipients; none where they were not named because the sender was refused. */
  readonly recipients: readonly Reply[];
  /** Undefined where nobody was left to send DATA for. */
  readonly data: Reply | undefined;
}

class Client implements SmtpClient {
  transactions = 0;
  readonly #connection: SmtpConnection;
  /** 0 where the server names none (RFC 1870). */
  readonly #sizeLimit: number;
  #isClosed = false;
  /** The server still has the transaction before, whose message or recipients it did not take. */
  #isUnfinished = false;

  constructor(connection: SmtpConnection) {
    this.#connection = connection;
    this.#sizeLimit = Number(connection.extensions.get('SIZE')) || 0;
  }

  get isUsable(): boolean {
    return !this.#isClosed && this.#connection.session.isUsable;
  }

  get makesVerp(): boolean {
    return this.#connection.extensions.has('XVERP');
  }

  async send(transaction: Transaction): Promise<Map<string, Refusal>> {
    const isVerp = transaction.verp !== undefined;
    if (isVerp && !this.makesVerp) throw new VerpRefusedError('The mail server does not offer XVERP');
    const refused = this.#unsendable(transaction);
    const recipients = transaction.recipients.filter((recipient) => !refused.has(recipient));
    if (recipients.length === 0) return refused;
    this.transactions += 1;
    const { mail, recipients: replies, data } = await this.#envelope({ ...transaction, recipients });
    const taken: string[] = [];
    for (const [index, recipient] of recipients.entries()) {
      const reply = isRefusal(mail) ? mail : replies[index];
      if (reply && isRefusal(reply)) refused.set(recipient, reply);
      else taken.push(recipient);
    }
    const isWanted = data !== undefined && !isRefusal(data);
    if (taken.length > 0) {
      const verdict = isWanted ? await this.#message(transaction.message) : data;
      for (const recipient of taken) if (verdict && isRefusal(verdict)) refused.set(recipient, verdict);
    } else if (isWanted) await this.#nothing(replies);
    if (isVerp && mail.code >= 500) throw new VerpRefusedError(`${mail.code} ${mail.text}`);
    return refused;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#connection.session.isUsable) this.#connection.quit();
  }

  /** What there is no use to ask for. */
  #unsendable({ sender, recipients, message }: Transaction): Map<string, Refusal> {
    if (this.#sizeLimit > 0 && message.length > this.#sizeLimit) {
      const text = `The mail server takes no message larger than ${this.#sizeLimit} octets`;
      return new Map(recipients.map((recipient) => [recipient, { code: 552, text }]));
    }
    if (this.#connection.extensions.has('SMTPUTF8')) return new Map();
    const refusal = { code: 550, text: 'The mail server takes no international addresses (SMTPUTF8)' };
    const unfit = recipients.filter((recipient) => isInternational(recipient) || isInternational(sender));
    return new Map(unfit.map((recipient) => [recipient, refusal]));
  }

  /** Everything before the message. Of that, nothing can have been taken, whatever goes wrong. */
  async #envelope(transaction: Transaction): Promise<EnvelopeReplies> {
    const mailCommand = this.#mailCommand(transaction);
    const recipientCommands = transaction.recipients.map((recipient) => `RCPT TO:<${recipient}>`);
    // RFC 5321 4.1.4: MAIL is an error while a transaction is open.
    const reset = this.#isUnfinished ? ['RSET'] : [];
    const isPipelined = this.#connection.extensions.has('PIPELINING');
    const first = isPipelined
      ? [...reset, mailCommand, ...recipientCommands, 'DATA']
      : [...reset, mailCommand];
    this.#isUnfinished = true;
    const replies = [...(await this.#ask(first))];
    if (reset.length > 0) this.#require(isSuccess, replies.shift());
    const mail = this.#require(isAnswer, replies.shift());
    if (!isPipelined) return { mail, ...(await this.#rest(mail, recipientCommands)) };
    const data = this.#require(isInvitation, replies.pop());
    for (const reply of replies) this.#require(isAnswer, reply);
    return { mail, recipients: replies, data };
  }

  /** The same one by one, where the server does not offer PIPELINING (RFC 2920). */
  async #rest(mail: Reply, recipientCommands: readonly string[]): Promise<Omit<EnvelopeReplies, 'mail'>> {
    const recipients: Reply[] = [];
    if (isRefusal(mail)) return { recipients, data: undefined };
    for (const command of recipientCommands) {
      recipients.push(this.#require(isAnswer, await this.#askOne(command)));
    }
    if (recipients.every(isRefusal)) return { recipients, data: undefined };
    return { recipients, data: this.#require(isInvitation, await this.#askOne('DATA')) };
  }

  #mailCommand({ sender, recipients, message, verp }: Transaction): string {
    const { extensions } = this.#connection;
    const parameters = [
      ...(isInternational(sender) || recipients.some(isInternational) ? ['SMTPUTF8'] : []),
      ...(extensions.has('8BITMIME') && !isAscii(message) ? ['BODY=8BITMIME'] : []),
      ...(verp === undefined ? [] : [`XVERP=${verp}`]),
      ...(extensions.has('SIZE') ? [`SIZE=${message.length}`] : []),
    ];
    return [`MAIL FROM:<${sender}>`, ...parameters].join(' ');
  }

  async #ask(commands: readonly string[]): Promise<readonly Reply[]> {
    const unfit = commands.find((command) => /[\r\n]/.test(command));
    if (unfit !== undefined) this.#break(`Not an address for SMTP: ${JSON.stringify(unfit)}`);
    return this.#connection.session.exchange(`${commands.join('\r\n')}\r\n`, commands.length);
  }

  async #askOne(command: string): Promise<Reply | undefined> {
    const [reply] = await this.#ask([command]);
    return reply;
  }

  async #message(message: Buffer): Promise<Reply> {
    const verdict = await this.#connection.session.sendMessage(dataOf(message));
    this.#isUnfinished = false;
    return this.#require(isAnswer, verdict, true);
  }

  /**
   * RFC 2920 3.1: a server may want a message although it has refused everybody; it gets an empty one. Where it would take
   * that for somebody, because only the sender was refused, the connection ends instead.
   */
  async #nothing(recipients: readonly Reply[]): Promise<void> {
    const { session } = this.#connection;
    if (!recipients.every(isRefusal))
      return session.fail('The mail server wants mail of a sender it has refused');
    try {
      await this.#ask(['.']);
      this.#isUnfinished = false;
    } catch (error) {
      // Everybody is answered for.
      if (!(error instanceof ConnectionTroubleError)) throw error;
    }
  }

  /** What is neither yes nor no belongs to another command: nobody knows any more which answer is whose. */
  #require(isRight: (reply: Reply) => boolean, reply: Reply | undefined, isUncertain = false): Reply {
    if (reply && isRight(reply)) return reply;
    return this.#break(`The mail server answers out of order: ${reply?.code} ${reply?.text}`, isUncertain);
  }

  #break(text: string, isUncertain = false): never {
    this.#connection.session.fail(text);
    throw new ConnectionTroubleError(text, CONNECTION_TROUBLE, isUncertain);
  }
}

const isSuccess = ({ code }: Reply): boolean => code < 300;
const isRefusal = ({ code }: Reply): boolean => code >= 400;
const isAnswer = (reply: Reply): boolean => isSuccess(reply) || isRefusal(reply);
/** Of DATA. */
const isInvitation = ({ code }: Reply): boolean => code >= 300;
