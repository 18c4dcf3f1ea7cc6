import { bounceStep } from '../../src/bounces/bounce-step.ts';
import { processBounces } from '../../src/bounces/process-bounces.ts';
import { warnAndRemove } from '../../src/bounces/warn-and-remove.ts';
import { findMembers } from '../../src/database/members.ts';
import type { Member } from '../../src/model/member.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import { type Enqueued, type FlowBench, openFlowBench } from '../support/flow.ts';
import { defaultConfig } from '../support/services.ts';

export const DAY = 86_400;

/** A list with members, and ways to have mail to them bounce. */
export interface BounceBench extends FlowBench {
  /** Takes a mail through the step of the queue `bounces`. */
  receive(mail: string | Buffer, metadata?: MessageMetadata): Promise<Enqueued[]>;
  /** The periodic work, until nothing is left to do. */
  count(): Promise<Enqueued[]>;
  warn(): Promise<Enqueued[]>;
  /** A bounce of mail to this member, counted. */
  bounce(email: string): Promise<Enqueued[]>;
  member(email: string): Promise<Member | undefined>;
}

/** @param mta changes of `[mta]` */
export async function openBounceBench(
  mta: Partial<ReturnType<typeof defaultConfig>['mta']> = {},
): Promise<BounceBench> {
  const config = defaultConfig();
  const flow = await openFlowBench({ config: { ...config, mta: { ...config.mta, ...mta } } });
  await flow.join(['Anne <owner@example.com>'], { role: 'owner' });
  await flow.join(['Bart <Bart@example.net>', 'cris@example.org']);
  const until = (work: typeof processBounces) =>
    flow.step(async (step) => {
      while (await work(step));
    });
  const receive: BounceBench['receive'] = (mail, metadata = {}) =>
    flow.step((step) =>
      bounceStep(
        {
          message: typeof mail === 'string' ? Buffer.from(mail) : mail,
          metadata: {
            listid: 'ant.example.com',
            subaddress: 'bounces',
            envelope_sender: '',
            ...metadata,
          },
        },
        step,
      ),
    );
  const count = () => until(processBounces);
  return {
    ...flow,
    receive,
    count,
    warn: () => until(warnAndRemove),
    bounce: async (email) => [...(await receive(report(email))), ...(await count())],
    member: async (email) =>
      (await findMembers(flow.database.connection, 'ant.example.com', 'member', [email])).get(email),
  };
}

/** A delivery status notification about one recipient. */
export function report(email: string, action = 'failed'): string {
  return [
    'From: MAILER-DAEMON@mx.example.net',
    'To: ant-bounces@example.com',
    'Subject: Undelivered Mail Returned to Sender',
    'Message-ID: <bounce@mx.example.net>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
    '',
    '--report',
    'Content-Type: text/plain',
    '',
    'Sorry.',
    '--report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    `Final-Recipient: rfc822; ${email}`,
    `Action: ${action}`,
    '',
    '--report--',
    '',
  ].join('\r\n');
}

/** Whom each mail goes to, and its subject. */
export function sent(mails: readonly Enqueued[]): string[] {
  return mails.map(
    ({ message, metadata }) =>
      `${metadata.recipients?.join(' ')}: ${(message.headers.get('Subject') ?? '').trim()}`,
  );
}
