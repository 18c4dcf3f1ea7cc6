import { findList } from '../database/lists.ts';
import { NoSuchListError } from '../flow/errors.ts';
import { parseAddresses } from '../message/addresses.ts';
import { isAutoReply, isFromMailServer } from '../message/auto-reply.ts';
import { Message } from '../message/message.ts';
import { addressKey } from '../model/email-address.ts';
import { isListAddress } from '../model/list-addresses.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { QueueEntry } from '../queue/entry.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { unrecognizedBounce } from '../templates/notices/bounces.ts';
import { detectBounce } from './detect.ts';
import type { Detection } from './detection.ts';
import { takeProbeToken } from './probe.ts';
import { registerBounces, registerProbeBounce } from './register.ts';
import { readBounceAddress } from './verp.ts';

const MAX_FROM = 2000;

/** A mail to the -bounces address of a list, and what it says. */
interface Incoming {
  readonly list: MailingList;
  readonly message: Message;
  readonly metadata: MessageMetadata;
  readonly detection: Detection;
}

/**
 * The step of the queue `bounces` (mail-flow.md section 9): finds out whose mail came back, by the address that it came
 * back to or else by its text, and registers that. What nobody understands goes where the list says.
 * @throws NoSuchListError
 */
export async function bounceStep(
  { message: content, metadata }: Pick<QueueEntry, 'message' | 'metadata'>,
  step: Step,
): Promise<void> {
  const listId = metadata.listid ?? '';
  const list = await findList(step.connection, listId);
  if (!list) throw new NoSuchListError(`No such list: ${listId}`);
  if (!list.settings.process_bounces) return;
  const message = Message.parse(content);
  const incoming: Incoming = { list, message, metadata, detection: detectBounce(message) };
  if (!(await isUnderstood(step, incoming))) await passOn(step, incoming);
}

async function isUnderstood(step: Step, incoming: Incoming): Promise<boolean> {
  const { list, message, metadata, detection } = incoming;
  const { verp, probeToken = metadata.probe_token } = readBounceAddress(step.config, list, message, metadata);
  const isNoFailure = detection.permanent.length === 0 && isKnown(detection);
  if (verp !== undefined) {
    if (isNoFailure) return true;
    if (!isFailure(incoming)) return false;
    await registerBounces(step, list, [verp], message);
    return true;
  }
  if (probeToken !== undefined && (isNoFailure || isFailure(incoming))) {
    const email = isNoFailure ? undefined : await takeProbeToken(step, list, probeToken);
    if (email !== undefined) await registerProbeBounce(step, list, email, message);
    if (email !== undefined || isNoFailure) return true;
  }
  if (detection.permanent.length > 0) await registerBounces(step, list, detection.permanent, message);
  return isKnown(detection);
}

function isKnown({ permanent, temporary, delivered }: Detection): boolean {
  return permanent.length + temporary.length + delivered.length > 0;
}

/**
 * Whether mail that came back to an address of one recipient is a bounce: where its text says so, or where nobody knows
 * its text but a mail server wrote it. Mailman 3 wants to know the text, Mailman 2.1 counted vacation notices as well.
 */
function isFailure({ message, metadata, detection }: Incoming): boolean {
  if (detection.permanent.length > 0) return true;
  return metadata.envelope_sender === '' && isFromMailServer(message) && !isAutoReply(message);
}

/** Passes on what could not be understood, as `forward_unrecognized_bounces_to` says. */
async function passOn(step: Step, { list, message }: Incoming): Promise<void> {
  const messageId = message.headers.get('Message-ID') ?? 'n/a';
  const log = (text: string): void => step.log('bounce', `List ${list.listId}, ${text}: ${messageId}`);
  log('bounce message w/no discernable addresses');
  const to = list.settings.forward_unrecognized_bounces_to;
  if (to === 'discard') {
    log('discarding unrecognized, message-id');
    return;
  }
  log('forwarding unrecognized, message-id');
  const audience = to === 'site_owner' || (await isOwn(step, list, message)) ? 'site-owner' : 'owners';
  await sendNotice(step, unrecognizedBounce(list, { original: message, audience }));
}

/** Whether it says that it comes from a list or the site's owner: owners would get their own notices again and again. */
async function isOwn({ config, connection }: Step, list: MailingList, message: Message): Promise<boolean> {
  const [from] = parseAddresses((message.headers.get('From') ?? '').slice(0, MAX_FROM));
  if (!from) return false;
  const key = addressKey(from.address);
  if (key === addressKey(config.mailman.site_owner) || isListAddress(list, key)) return true;
  return /-bounces@/.test(key) && (await findList(connection, key.replace('-bounces@', '@'))) !== undefined;
}
