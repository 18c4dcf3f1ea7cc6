import type { Cutover } from '../../src/database/cutover.ts';
import { Message } from '../../src/message/message.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import type { Step } from '../../src/queue/step.ts';

/** What reception here has added; Mailman 2 gets the mail as it came. */
const ADDED = ['Message-ID-Hash', 'X-Message-ID-Hash', 'X-MailFrom'];

/** What may route a mail on to another host: mail from this one is relayed by Postfix. Neither tokens nor VERP have it. */
const LEADS_ELSEWHERE = /[@%!:"\\,\s\p{Cc}]/u;

/** Hands a mail on to Mailman 2, as if Postfix had brought it there at once; what could lead elsewhere is dropped. */
export async function relayToMailman2(entry: QueueEntry, step: Step, cutover: Cutover): Promise<void> {
  const { metadata } = entry;
  if (metadata.extension !== undefined && LEADS_ELSEWHERE.test(metadata.extension)) {
    step.log('mischief', `${cutover.listId}: an extension that leads elsewhere is not relayed to Mailman 2`);
    return;
  }
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
