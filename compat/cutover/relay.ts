import type { Cutover } from '../../src/database/cutover.ts';
import type { Step } from '../../src/flow/step.ts';
import { Message } from '../../src/message/message.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';

/** What reception here has added; Mailman 2 gets the mail as it came. */
const ADDED = ['Message-ID-Hash', 'X-Message-ID-Hash', 'X-MailFrom'];

/** Hands a mail on to Mailman 2, as if Postfix had brought it there at once. */
export async function relayToMailman2(entry: QueueEntry, step: Step, cutover: Cutover): Promise<void> {
  const { metadata } = entry;
  const message = Message.parse(entry.message);
  for (const name of ADDED) message.headers.delete(name);
  await step.enqueue('out', message.toBuffer(), {
    listid: cutover.listId,
    recipients: [mailman2Address(cutover, metadata.subaddress, metadata.extension, step)],
    envsender: metadata.envelope_sender ?? '',
    verp: false,
    ...(metadata.to_list ? { relayed: true } : {}),
  });
}

/** `ant-confirm+TOKEN@localhost` */
function mailman2Address(
  { mailman2Name, mailman2Domain }: Cutover,
  subaddress: string | undefined,
  extension: string | undefined,
  { config }: Step,
): string {
  const suffix = subaddress === undefined ? '' : `-${subaddress}`;
  const token = extension === undefined ? '' : `${config.mta.verp_delimiter}${extension}`;
  const domain = mailman2Domain === '' ? '' : `@${mailman2Domain}`;
  return `${mailman2Name}${suffix}${token}${domain}`;
}
