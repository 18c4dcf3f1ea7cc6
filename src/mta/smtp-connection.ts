import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';
import type { Config } from '../config/index.ts';
import { CONNECTION_TROUBLE, ConnectionTroubleError, SmtpSession } from './smtp-session.ts';

/** How long to wait, in milliseconds (RFC 5321 4.5.3.2 asks for minutes). */
const TIMEOUTS = { connectionTimeout: 60_000, greetingTimeout: 120_000, socketTimeout: 300_000 };

/** A connection that is ready for mail. */
export interface SmtpConnection {
  readonly session: SmtpSession;
  /** What EHLO has brought: keywords in capitals, and what stands behind them. */
  readonly extensions: ReadonlyMap<string, string>;
  /** Says goodbye. */
  quit(): void;
}

/**
 * Opens a connection as `[mta] smtp_*` say, with TLS and login. The library does all this, and watches the socket until its
 * end; what the server says from then on is heard by the session instead.
 * @throws ConnectionTroubleError
 */
export async function openConnection({ mta }: Config): Promise<SmtpConnection> {
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
  let end = (error: SMTPError): void => void error;
  connection.on('error', (error: SMTPError) => end(error));
  connection.on('end', () => end(new Error('Connection closed')));
  const during = (begin: (done: (error?: SMTPError | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      end = (error) => {
        reject(new ConnectionTroubleError(error.message, error.responseCode || CONNECTION_TROUBLE, false));
        connection.close();
      };
      begin((error) => (error ? end(error) : resolve()));
    });
  let greeting = '';
  await during((done) =>
    connection.connect((error) => {
      greeting = connection.lastServerResponse || '';
      done(error);
    }),
  );
  if (mta.smtp_user !== '' && mta.smtp_pass !== '') {
    await during((done) => connection.login({ user: mta.smtp_user, pass: mta.smtp_pass }, done));
  }
  const socket = socketOf(connection);
  const listeners = socket.listeners('data');
  socket.removeAllListeners('data');
  const session = new SmtpSession(socket, () => connection.close());
  end = ({ message, responseCode }) => session.fail(message, responseCode || CONNECTION_TROUBLE);
  return {
    session,
    extensions: extensionsIn(greeting),
    quit: () => {
      session.leave();
      for (const listener of listeners) socket.on('data', listener as (piece: Buffer) => void);
      if (!connection.destroyed) connection.quit();
    },
  };
}

/** The socket as it is after TLS. @throws ConnectionTroubleError where it is gone already */
function socketOf({ _socket }: SMTPConnection): Socket {
  if (_socket && !_socket.destroyed) return _socket;
  throw new ConnectionTroubleError('Connection closed', CONNECTION_TROUBLE, false);
}

/** @param reply to EHLO, with its codes; one to HELO has a single line */
function extensionsIn(reply: string): Map<string, string> {
  const lines = reply.split(/\r?\n/).slice(1);
  return new Map(
    lines.map((line) => {
      const [keyword = '', ...parameters] = line.slice(4).trim().split(/[ =]+/);
      return [keyword.toUpperCase(), parameters.join(' ')];
    }),
  );
}
