import { findList } from '../database/lists.ts';
import { formatAddress } from '../message/addresses.ts';
import { composeMessage, formatDate, textPart } from '../message/compose.ts';
import { encodeHeader } from '../message/encoded-words.ts';
import type { Message } from '../message/message.ts';
import { newMessageId } from '../message/message-id.ts';
import { type MailingList, postingAddress, subAddress } from '../model/mailing-list.ts';
import type { QueueEntry } from '../queue/entry.ts';
import type { Step } from '../queue/step.ts';
import { takeProbeToken } from './probe.ts';
import { registerBounces, registerProbeBounce } from './register.ts';
import { probeTokenIn } from './verp.ts';

/** What the mail server said to one recipient. */
export interface Refusal {
  readonly recipient: string;
  /** The reply code of SMTP. */
  readonly code: number;
  readonly text: string;
}

const MAX_TEXT = 2000;

/** 552 is a full mailbox, which may have room again tomorrow. */
const FULL_MAILBOX = 552;

/**
 * Registers that a mail server has refused recipients of an outgoing message for good, as bounces: the step that
 * delivery does for them (mail-flow.md section 6). What was given up without a permanent refusal does not count: it may
 * be the own mail server that was away.
 */
export async function registerRefusals(
  { metadata }: Pick<QueueEntry, 'metadata'>,
  refused: readonly Refusal[],
  step: Step,
): Promise<void> {
  const list = await findList(step.connection, metadata.listid ?? '');
  if (!list) return;
  const probeToken = metadata.probe_token ?? probeTokenIn(step.config, list, metadata.envsender ?? '');
  for (const { recipient, code, text } of refused) {
    await registerDeliveryFailure(step, list, recipient, code, text, probeToken);
  }
}

/**
 * The same for one recipient of a list.
 * @param code the reply code of SMTP; only permanent ones count
 * @param text what the mail server said
 * @param probeToken where the message was a probe, its token
 * @returns whether it counts
 */
export async function registerDeliveryFailure(
  step: Step,
  list: MailingList,
  address: string,
  code: number,
  text: string,
  probeToken?: string,
): Promise<boolean> {
  if (code < 500 || code === FULL_MAILBOX || !list.settings.process_bounces) return false;
  const bounce = refusalMessage(step, list, { recipient: address, code, text });
  const probed = probeToken === undefined ? undefined : await takeProbeToken(step, list, probeToken);
  if (probed === undefined) return (await registerBounces(step, list, [address], bounce)) > 0;
  await registerProbeBounce(step, list, probed, bounce);
  return true;
}

/** A mail that says what happened, for owners to see. */
function refusalMessage(step: Step, list: MailingList, { recipient, code, text }: Refusal): Message {
  const reply = text.slice(0, MAX_TEXT).replace(/[^\P{Cc}\n]/gu, ' ');
  const lines = [
    `The mail server of ${list.mailHost} was refused a message of the list ${postingAddress(list)} to`,
    '',
    `    ${recipient}`,
    '',
    `with code ${code}:`,
    '',
    ...reply.split('\n').map((line) => `    ${line.trim()}`),
  ];
  return composeMessage(
    [
      ['From', formatAddress({ address: postingAddress(list), displayName: 'Mailman' })],
      ['To', formatAddress({ address: subAddress(list, 'bounces'), displayName: 'Mailman Bounces' })],
      ['Subject', encodeHeader('SMTP Delivery Failure')],
      ['Message-ID', newMessageId(list.mailHost)],
      ['Date', formatDate(step.clock.now())],
      ['Auto-Submitted', 'auto-generated'],
    ],
    textPart(`${lines.join('\n')}\n`, 'us-ascii'),
  );
}
