import { isAscii } from 'node:buffer';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';
import type { Config } from '../config/index.ts';
import { isInternational } from './envelope-address.ts';

/** How long to wait, in milliseconds (RFC 5321 4.5.3.2 asks for minutes). */
const TIMEOUTS = { connectionTimeout: 60_000, greetingTimeout: 120_000, socketTimeout: 300_000 };

/** Mailman's code for whatever went wrong with the connection itself. */
export const CONNECTION_TROUBLE = 444;

/** A reply that is not success. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** What one mail transaction is about. */
export interface Transaction {
  /** '' for the null sender. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** With CRLF. */
  readonly message: Buffer;
}

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

/** A connection to the mail server; one transaction at a time. */
export interface SmtpClient {
  readonly transactions: number;
  readonly isUsable: boolean;
  /** @returns the recipients that were refused; @throws ConnectionTroubleError */
  send(transaction: Transaction): Promise<Map<string, Refusal>>;
  close(): void;
}

/** Connects as `[mta] smtp_*` say, with TLS and login. @throws ConnectionTroubleError */
export async function connectSmtp({ mta }: Config): Promise<SmtpClient> {
  const connection = new SMTPConnection({
    ...TIMEOUTS,
    host: mta.smtp_host.replace(/^\[|\]$/g, ''),
    port: mta.smtp_port,
    secure: mta.smtp_secure_mode === 'smtps',
    requireTLS: mta.smtp_secure_mode === 'starttls',
    ignoreTLS: mta.smtp_secure_mode === 'smtp',
    name: hostname(),
    logger: false,
    allowInternalNetworkInterfaces: true,
    tls: {
      rejectUnauthorized: mta.smtp_verify_cert,
      ...(mta.smtp_verify_hostname ? {} : { checkServerIdentity: () => undefined }),
    },
  });
  const client = new Client(connection);
  await client.open();
  if (mta.smtp_user !== '' && mta.smtp_pass !== '') await client.login(mta.smtp_user, mta.smtp_pass);
  return client;
}

class Client implements SmtpClient {
  transactions = 0;
  readonly #connection: SMTPConnection;
  #isEnded = false;
  /** The server still has the transaction before, whose message or recipients it did not take. */
  #isUnfinished = false;
  #fail: ((error: SMTPError) => void) | undefined;

  constructor(connection: SMTPConnection) {
    this.#connection = connection;
    connection.on('error', (error: SMTPError) => this.#end(error));
    connection.on('end', () =>
      this.#end(Object.assign(new Error('Connection closed'), { code: 'ECONNECTION' })),
    );
  }

  get isUsable(): boolean {
    return !this.#isEnded && !this.#connection.destroyed;
  }

  async open(): Promise<void> {
    await this.#call<void>((done) => this.#connection.connect((error) => done(error ?? null)));
  }

  async login(user: string, pass: string): Promise<void> {
    await this.#call<unknown>((done) => this.#connection.login({ user, pass }, done));
  }

  async send({ sender, recipients, message }: Transaction): Promise<Map<string, Refusal>> {
    const refused = this.#unsendable(sender, recipients);
    const rest = recipients.filter((recipient) => !refused.has(recipient));
    if (rest.length === 0) return refused;
    if (this.#isUnfinished) await this.#reset();
    this.transactions += 1;
    const envelope = { from: sender, to: rest, size: message.length, use8BitMime: !isAscii(message) };
    try {
      const { rejectedErrors } = await this.#call<SMTPConnection.SentMessageInfo>((done) =>
        this.#connection.send(envelope, inPieces(message), done),
      );
      noteRefusals(refused, rejectedErrors ?? []);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      this.#isUnfinished = true;
      noteRefusals(refused, error.reply.rejectedErrors ?? []);
      const { code, text } = refusalOf(error.reply);
      for (const recipient of rest) if (!refused.has(recipient)) refused.set(recipient, { code, text });
    }
    return refused;
  }

  /** RFC 5321 4.1.4: MAIL is an error while a transaction is open. */
  async #reset(): Promise<void> {
    this.#isUnfinished = false;
    try {
      await this.#call<unknown>((done) => this.#connection.reset(done));
    } catch (error) {
      throw new ConnectionTroubleError((error as Error).message, CONNECTION_TROUBLE, false);
    }
  }

  close(): void {
    this.#isEnded = true;
    if (this.#connection.destroyed) return;
    this.#connection.quit();
  }

  /** The library would send international addresses to servers that do not take them. */
  #unsendable(sender: string, recipients: readonly string[]): Map<string, Refusal> {
    const { _supportedExtensions } = this.#connection as unknown as { _supportedExtensions: string[] };
    if (_supportedExtensions.includes('SMTPUTF8')) return new Map();
    const refusal = { code: 550, text: 'The mail server takes no international addresses (SMTPUTF8)' };
    const unfit = recipients.filter((recipient) => isInternational(recipient) || isInternational(sender));
    return new Map(unfit.map((recipient) => [recipient, refusal]));
  }

  #call<T>(begin: (done: (error: SMTPError | null, value?: T) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (error: SMTPError | null, value?: T): void => {
        this.#fail = undefined;
        if (error) reject(this.#describe(error));
        else resolve(value as T);
      };
      this.#fail = settle;
      begin(settle);
    });
  }

  #end(error: SMTPError): void {
    this.#isEnded = true;
    this.#fail?.(error);
  }

  /** A refusal is an answer; everything else, and 421, ends the connection. */
  #describe(error: SMTPError): Error {
    const { responseCode, code, command } = error;
    if (code === 'EMESSAGE' && !responseCode && command === 'MAIL FROM') return new ReplyError(error);
    if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode && responseCode !== 421)
      return new ReplyError(error);
    this.#isEnded = true;
    this.#connection.close();
    return new ConnectionTroubleError(
      error.message,
      responseCode || CONNECTION_TROUBLE,
      command !== 'API' && command !== 'MAIL FROM' && command !== 'RCPT TO' && command !== 'CONN',
    );
  }
}

/** Octets that are given to the connection at once. */
const PIECE = 65_536;

/** The library copies what it is given, piece by piece where it doubles a dot; a large message goes as the server takes it. */
function inPieces(message: Buffer): Buffer | Readable {
  return message.length <= PIECE ? message : Readable.from(pieces(message), { objectMode: false });
}

function* pieces(message: Buffer): Generator<Buffer> {
  for (let start = 0; start < message.length; start += PIECE) yield message.subarray(start, start + PIECE);
}

/** The mail server has answered, with a refusal. */
class ReplyError extends Error {
  override name = 'ReplyError';
  readonly reply: SMTPError;

  constructor(reply: SMTPError) {
    super(reply.message);
    this.reply = reply;
  }
}

function noteRefusals(refused: Map<string, Refusal>, errors: readonly SMTPError[]): void {
  for (const error of errors) {
    const { recipient } = error as { recipient?: unknown };
    if (typeof recipient === 'string') refused.set(recipient, refusalOf(error));
  }
}

/** A message that is larger than the server announced to take has no reply; 552 is what it would have been. */
function refusalOf({ responseCode, response, message }: SMTPError): Refusal {
  return { code: responseCode || 552, text: (response ?? message).replace(/^\d{3}[ -]/, '') };
}
