import { parseArgs } from 'node:util';
import { UsageError } from '../../errors.ts';
import type { PipedMail, PipedOutcome } from './deliver.ts';

/** How a mail server calls the program, and which exit statuses it understands. */
export interface Call {
  readonly mail: Omit<PipedMail, 'message'>;
  readonly statuses: Readonly<Record<PipedOutcome['result'], number>>;
}

/** sysexits.h: EX_NOUSER, EX_DATAERR, EX_UNAVAILABLE, EX_TEMPFAIL. */
export const SYSEXITS = { delivered: 0, unknown: 67, unacceptable: 65, refused: 69, later: 75 } as const;

/** qmail-command(8). */
export const QMAIL = { delivered: 0, unknown: 100, unacceptable: 100, refused: 100, later: 111 } as const;

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8024;

/** qmail's sender of bounces of bounces. */
const DOUBLE_BOUNCE = '#@[]';

/** What Postfix's local(8), and Sendmail with the flag g, write for the null sender. */
const NULL_SENDER = /^mailer-daemon$/i;

const USAGE = 'Usage: lmtp-pipe [-h HOST] [-p PORT] [-f SENDER] RECIPIENT...';

/** `lmtp-pipe [-h HOST] [-p PORT] [-f SENDER] RECIPIENT…` @throws UsageError */
export function readPipeCall(argv: readonly string[]): Call {
  let parsed: ReturnType<typeof parsePipeOptions>;
  try {
    parsed = parsePipeOptions(argv);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (positionals.length === 0)
    throw new UsageError(`lmtp-pipe: for whom? Give the addresses as arguments\n${USAGE}`);
  return {
    mail: {
      host: values.host ?? DEFAULT_HOST,
      port: portOf(values.port ?? String(DEFAULT_PORT)),
      sender: withoutBrackets(values.from ?? '').replace(NULL_SENDER, ''),
      recipients: positionals.map(withoutBrackets),
    },
    statuses: SYSEXITS,
  };
}

/**
 * `qmail-lmtp PORT [PARTS] [HOST]` with sender and recipient in the environment, as in Mailman's documentation.
 * `PARTS` is how many words with dashes behind them qmail has put in front of the address. @throws UsageError
 */
export function readQmailCall(
  [port, parts = '0', host = DEFAULT_HOST]: readonly string[],
  { LOCAL, HOST, SENDER = '' }: Readonly<Record<string, string | undefined>>,
): Call {
  if (port === undefined || !/^\d$/.test(parts))
    throw new UsageError('Usage: qmail-lmtp PORT [PARTS] [HOST]');
  if (!LOCAL || !HOST) throw new UsageError('qmail-lmtp: qmail has set no LOCAL and HOST in the environment');
  const local = LOCAL.split('-').slice(Number(parts)).join('-');
  if (local === '') throw new UsageError(`qmail-lmtp: ${LOCAL} has no more than ${parts} parts`);
  return {
    mail: {
      host,
      port: portOf(port),
      sender: SENDER === DOUBLE_BOUNCE ? '' : SENDER,
      recipients: [`${local}@${HOST}`],
    },
    statuses: QMAIL,
  };
}

function parsePipeOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      host: { type: 'string', short: 'h' },
      port: { type: 'string', short: 'p' },
      from: { type: 'string', short: 'f' },
    },
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new UsageError(`${text} is not a port`);
  return port;
}

function withoutBrackets(address: string): string {
  return address.replace(/^<(.*)>$/, '$1');
}
