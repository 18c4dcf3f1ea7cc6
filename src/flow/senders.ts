import type { HeaderField } from '../message/headers.ts';
import type { Message } from '../message/message.ts';
import { addressKey, isValidAddress, type Mailbox } from '../model/email-address.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import { mailboxesIn } from './mailboxes.ts';

/** What was found last in headers, which are new ones after each change; a dozen rules and handlers ask for it. */
const last = new WeakMap<
  readonly HeaderField[],
  { readonly asked: string; readonly found: readonly Mailbox[] }
>();

/**
 * Who sent a message, as `[mailman] sender_headers` looks for it (From, envelope, Reply-To, Sender): the mailboxes with
 * a valid address in that order, each address once.
 * @param order header names; `from_` is the envelope sender
 */
export function sendersOf(
  message: Message,
  metadata: MessageMetadata,
  order: readonly string[],
): readonly Mailbox[] {
  const { fields } = message.headers;
  const asked = [metadata.envelope_sender ?? '', ...order].join('\n');
  const known = last.get(fields);
  if (known?.asked === asked) return known.found;
  const found = findSenders(message, metadata, order);
  last.set(fields, { asked, found });
  return found;
}

function findSenders(message: Message, metadata: MessageMetadata, order: readonly string[]): Mailbox[] {
  const found = new Map<string, Mailbox>();
  for (const name of order) {
    const mailboxes =
      name.toLowerCase() === 'from_'
        ? [{ address: metadata.envelope_sender ?? '', displayName: '' }]
        : mailboxesIn(message.headers, name);
    for (const mailbox of mailboxes) {
      const key = addressKey(mailbox.address);
      if (isValidAddress(mailbox.address) && !found.has(key)) found.set(key, mailbox);
    }
  }
  return [...found.values()];
}

/** The keys of the senders' addresses. */
export function senderKeys(message: Message, metadata: MessageMetadata, order: readonly string[]): string[] {
  return sendersOf(message, metadata, order).map(({ address }) => addressKey(address));
}

/** The key of the first sender, '' where there is none. */
export function senderOf(message: Message, metadata: MessageMetadata, order: readonly string[]): string {
  return senderKeys(message, metadata, order)[0] ?? '';
}
