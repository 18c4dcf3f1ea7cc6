import { hostname } from 'node:os';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';

/** How long LMTP may take for each step, in milliseconds; mail servers wait for minutes. */
const TIME_LIMIT = 60_000;

/** One message for lists. */
export interface PipedMail {
  readonly host: string;
  readonly port: number;
  /** '' for the null sender. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** As the mail server wrote it: with any line ends, perhaps with an mbox line in front. */
  readonly message: Buffer;
}

/**
 * What became of it. `unknown` is that there are no such lists, `unacceptable` that the message is not taken, such as for its
 * size, `refused` all else that is final. `later` is also whatever went wrong between here and there: no mail is lost by that.
 */
export interface PipedOutcome {
  readonly result: 'delivered' | 'unknown' | 'unacceptable' | 'refused' | 'later';
  /** For the mail server's log or bounce; '' where there is nothing to say. */
  readonly reason: string;
}

/** Hands a message over by LMTP. Never throws. */
export async function deliverByLmtp(mail: PipedMail): Promise<PipedOutcome> {
  const connection = new SMTPConnection({
    host: mail.host,
    port: mail.port,
    lmtp: true,
    ignoreTLS: true,
    name: hostname(),
    logger: false,
    connectionTimeout: TIME_LIMIT,
    greetingTimeout: TIME_LIMIT,
    socketTimeout: TIME_LIMIT,
    allowInternalNetworkInterfaces: true,
  });
  try {
    return await new Promise<PipedOutcome>((resolve) => {
      // Also where somebody answers who does not speak LMTP.
      const end = ({ message }: Error): void => resolve({ result: 'later', reason: message });
      connection.on('error', end);
      connection.on('end', () => end(new Error('LMTP: the connection was closed')));
      connection.connect((error) => {
        if (error) end(error);
        else send(connection, mail, resolve);
      });
    });
  } finally {
    connection.close();
  }
}

function send(
  connection: SMTPConnection,
  { sender, recipients, message }: PipedMail,
  resolve: (outcome: PipedOutcome) => void,
): void {
  const body = withoutMboxLine(message);
  const envelope = { from: sender, to: [...recipients], size: body.length, use8BitMime: true };
  connection.send(envelope, body, (error, info) => {
    const all = error ? (error.rejectedErrors ?? [error]) : (info?.rejectedErrors ?? []);
    resolve(outcomeOf(all));
  });
}

/** Temporary trouble with one recipient makes the mail server try again; the others are taken or refused then, too. */
function outcomeOf(errors: readonly SMTPError[]): PipedOutcome {
  if (errors.length === 0) return { result: 'delivered', reason: '' };
  const reason = errors.map(({ response, message }) => response ?? message).join('\n');
  const [result = 'later', ...others] = new Set(errors.map(resultOf));
  if (others.length === 0) return { result, reason };
  return { result: [result, ...others].includes('later') ? 'later' : 'refused', reason };
}

function resultOf({ responseCode, code, command }: SMTPError): PipedOutcome['result'] {
  // The library itself compares the size with what the server has announced.
  if (code === 'EMESSAGE' && (responseCode === undefined || responseCode >= 500)) return 'unacceptable';
  if (responseCode === undefined || responseCode < 500) return 'later';
  return command === 'RCPT TO' ? 'unknown' : 'refused';
}

/** Mail servers write a line in front of what they give to a program: `From anne@example.net Mon Oct  5 …`. */
function withoutMboxLine(message: Buffer): Buffer {
  const start = message.toString('latin1', 0, 6);
  if (!start.startsWith('From ') && start !== '>From ') return message;
  const end = message.indexOf('\n');
  return end < 0 ? Buffer.alloc(0) : message.subarray(end + 1);
}
