import { formatAddress } from '../../message/addresses.ts';
import { headerAddress, type Mailbox } from '../../model/email-address.ts';
import { subAddress } from '../../model/mailing-list.ts';
import type { Step } from '../../queue/step.ts';
import { decoratePost, isDecorated } from '../decoration/decorate-post.ts';
import { findFrame } from '../decoration/frame.ts';
import type { Handler, Post } from '../post.ts';

export const toOutgoing: Handler = {
  name: 'to-outgoing',
  description: 'Hands the post over to delivery, with all that delivery has to know.',
  process: async (post, step) => {
    const { list, message, metadata } = post;
    if (!metadata.recipients || metadata.recipients.length === 0) return;
    const isPersonalized = isDecorated(post) && list.settings.personalize !== 'none';
    metadata.verp ??= isVerped(post, step);
    if (isPersonalized) {
      metadata.personalize = true;
      metadata.frame = await findFrame(step, list);
    } else if (isDecorated(post)) await decoratePost(post, step);
    nameSender(post);
    await step.enqueue('out', message.toBuffer(), { ...metadata, listid: list.listId });
  },
};

/** Whether the envelope names each recipient, so that a bounce tells whom it is about. */
function isVerped({ list, metadata }: Post, step: Step): boolean {
  const { verp_delivery_interval, verp_personalized_deliveries } = step.config.mta;
  if (list.settings.personalize !== 'none' && verp_personalized_deliveries) return true;
  if (verp_delivery_interval <= 1) return verp_delivery_interval === 1;
  // Mailman asks after it has counted the post; digests and notices share the number of the last one.
  const next = (metadata.post_number ?? list.postId - 1) + 1;
  return next % verp_delivery_interval === 0;
}

/** Mailman 2.1 says who is responsible for the delivery, in a header of RFC 5322 and one of sendmail. */
function nameSender({ list, message: { headers }, metadata }: Post): void {
  if (!list.settings.include_sender_header) return;
  const address = headerAddress(metadata.envsender ?? subAddress(list, 'bounces'));
  headers.delete('Errors-To');
  headers.append('Errors-To', address);
  headers.delete('Sender');
  headers.append('Sender', senderMailbox({ address, displayName: list.settings.display_name }));
}

/** The name is quoted always, as those who filter by it know it. */
function senderMailbox({ address, displayName }: Mailbox): string {
  if (/[^\x20-\x7e]/.test(displayName)) return formatAddress({ address, displayName });
  return `"${displayName.replace(/["\\]/g, '\\$&')}" <${address}>`;
}
