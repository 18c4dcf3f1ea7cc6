import { LmtpClient } from '../mta/lmtp-client.ts';
import type { AwkwardMail } from './mails.ts';
import type { Observation, Run, Side } from './observation.ts';
import { listOf, MAIL_HOST } from './plan.ts';

interface PlayOptions {
  readonly theirs?: readonly Observation[];
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Sends every mail to every destination, one after the other.
 * @param options theirs: what the other server did, in the same order; progress: is told how many of them are done
 */
export async function play(
  side: Side,
  mails: readonly AwkwardMail[],
  destinations: readonly string[],
  { theirs = [], progress }: PlayOptions = {},
): Promise<Run> {
  const observations: Observation[] = [];
  for (const mail of mails) {
    for (const list of destinations) {
      const other = theirs[observations.length];
      if (other) await side.follow?.(other);
      const reply = await post(side.lmtpPort, mail, `${list}@${MAIL_HOST}`);
      observations.push({ mail: mail.name, list, reply, ...(await side.outcome(listOf(list))) });
      progress?.(observations.length, mails.length * destinations.length);
    }
  }
  return { version: side.version, date: new Date().toISOString().slice(0, 10), observations };
}

async function post(port: number, { sender, content }: AwkwardMail, recipient: string): Promise<string> {
  const client = await LmtpClient.open(port);
  try {
    await client.ask('LHLO mx.example.com');
    const replies = [await client.ask(`MAIL FROM:<${sender}>`), await client.ask(`RCPT TO:<${recipient}>`)];
    const refusal = replies.find((reply) => !reply.startsWith('2'));
    if (refusal !== undefined) return refusal;
    const stuffed = content.toString('latin1').replace(/(^|\r\n)\./g, '$1..');
    const [reply = ''] = await client.data(Buffer.from(stuffed, 'latin1'));
    return reply;
  } finally {
    client.close();
  }
}
