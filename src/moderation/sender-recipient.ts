import type { Mailbox } from '../model/email-address.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Recipient } from '../templates/notices/subscriptions.ts';

/** The sender of a message, to be written to in the language that travels with it. */
export function senderRecipient(sender: Mailbox, { lang }: MessageMetadata): Recipient {
  return { ...sender, ...(lang === undefined ? {} : { language: lang }) };
}
