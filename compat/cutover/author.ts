import type { ShadowOutcome } from '../../src/database/shadow-posts.ts';
import { mailboxesIn } from '../../src/flow/mailboxes.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import { Message } from '../../src/message/message.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';

/** Who wrote a post, as Mailman 2's logs name them, and about what. @param message as it came */
export function authorOf(
  message: Uint8Array,
  { envelope_sender = '' }: MessageMetadata,
): Pick<ShadowOutcome, 'sender' | 'subject'> {
  const { headers } = Message.parse(message);
  const address = mailboxesIn(headers, 'From')[0]?.address ?? envelope_sender;
  return { sender: addressKey(address), subject: decodeHeader(headers.get('Subject') ?? '') };
}
