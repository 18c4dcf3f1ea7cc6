import { findCutover } from '../../src/database/cutover.ts';
import { putMailman2Copy } from '../../src/database/mailman2-posts.ts';
import { Message } from '../../src/message/message.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import type { Step } from '../../src/queue/step.ts';

/** What reception here has added. */
const ADDED = ['Message-ID-Hash', 'X-Message-ID-Hash', 'X-MailFrom'];

/**
 * A mail to a listening address (`ant@listen.ALIASDOMAIN`), which is a member of Mailman 2's list: what it sends is kept, so
 * that it can be compared. Anything else that comes there, and all of it once the list is led from here, goes nowhere.
 */
export async function listen(entry: QueueEntry, step: Step): Promise<void> {
  const { metadata } = entry;
  const cutover = await findCutover(step.connection, metadata.listid ?? '');
  if (!metadata.to_list || (cutover?.stage !== 'observe' && cutover?.stage !== 'alongside')) return;
  const message = Message.parse(entry.message);
  if (!isPostOf(cutover.mailman2Name, message, metadata.envelope_sender ?? '')) return;
  const messageId = message.headers.get('Message-ID') ?? '';
  for (const name of ADDED) message.headers.delete(name);
  await putMailman2Copy(
    step.connection,
    { listId: cutover.listId, messageId, changedAt: step.clock.now() },
    message.toBuffer(),
  );
}

/** Neither a digest nor a notice. */
function isPostOf(name: string, { headers }: Message, sender: string): boolean {
  const [local = ''] = sender.toLowerCase().split('@');
  const isFromList = local === `${name}-bounces` || local.startsWith(`${name}-bounces+`);
  const isDigest = new RegExp(`${RegExp.escape(name)}-request@`, 'i').test(headers.get('From') ?? '');
  return isFromList && !isDigest && !headers.has('X-List-Administrivia');
}

/** Mail to other addresses of a list at the domain for listening: nobody is meant. */
export async function ignore(): Promise<void> {}
