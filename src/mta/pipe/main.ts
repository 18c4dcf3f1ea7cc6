import { buffer } from 'node:stream/consumers';
import { type Call, QMAIL, readPipeCall, readQmailCall, SYSEXITS } from './arguments.ts';
import { deliverByLmtp } from './deliver.ts';

/**
 * Gives the message on standard input to the server by LMTP, for mail servers that deliver to programs. Whatever is wrong
 * with the call itself is temporary, so that a slip in a configuration returns no mail.
 */
const isQmail = process.env.FERRYMAN_PIPE === 'qmail';
const argv = process.argv.slice(2);

try {
  const call: Call = isQmail ? readQmailCall(argv, process.env) : readPipeCall(argv);
  const message = await buffer(process.stdin);
  const { result, reason } = await deliverByLmtp({ ...call.mail, message });
  if (reason !== '') process.stderr.write(`${reason}\n`);
  process.exitCode = call.statuses[result];
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = (isQmail ? QMAIL : SYSEXITS).later;
}
