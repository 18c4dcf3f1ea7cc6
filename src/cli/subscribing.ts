import type { InviteOutcome } from '../membership/mass.ts';
import type { SubscribeOptions } from '../membership/subscribe.ts';
import { formatMailbox, type Mailbox } from '../model/email-address.ts';
import { plainMailbox } from './member-file.ts';
import { shorten } from './printable.ts';

/** The values of `-d`, in the order in which messages list them. */
export const deliveries = ['regular', 'mime', 'plain', 'summary', 'disabled'] as const;

export type Delivery = (typeof deliveries)[number];

/** How members are subscribed whose delivery was chosen (or not) on the command line. */
export function subscribeOptions(delivery: Delivery | undefined): Omit<SubscribeOptions, 'role'> {
  const base = { verified: true } as const;
  switch (delivery) {
    case undefined:
      return base;
    case 'regular':
      return { ...base, deliveryMode: 'regular' };
    case 'mime':
      return { ...base, deliveryMode: 'mime_digests' };
    case 'plain':
      return { ...base, deliveryMode: 'plaintext_digests' };
    case 'summary':
      return { ...base, deliveryMode: 'summary_digests' };
    case 'disabled':
      return { ...base, deliveryMode: 'regular', deliveryStatus: 'by_moderator' };
  }
}

/** Why somebody was passed over, in Mailman's words; undefined for who was not. */
export function skippedLine(mailbox: Mailbox, outcome: InviteOutcome | undefined): string | undefined {
  switch (outcome) {
    case 'invalid':
      return `Cannot parse as valid email address (skipping): ${shorten(formatMailbox(mailbox))}`;
    case 'already':
      return `Already subscribed (skipping): ${plainMailbox(mailbox)}`;
    case 'banned':
      return `Membership is banned (skipping): ${mailbox.address}`;
    case 'pending':
      return `Subscription already pending (skipping): ${mailbox.address}`;
    case 'posting_address':
      return `The address of the list itself (skipping): ${mailbox.address}`;
    default:
      return undefined;
  }
}

/** Somebody in JSON. */
export function toJson({ address, displayName }: Mailbox) {
  return { email: address, display_name: displayName };
}

/** Those with an outcome, in JSON. */
export function having(
  mailboxes: readonly Mailbox[],
  outcomes: readonly InviteOutcome[],
  wanted: InviteOutcome,
) {
  return mailboxes.filter((_, index) => outcomes[index] === wanted).map(toJson);
}

/** Those who were passed over in JSON, with the reason. */
export function skippedToJson(mailboxes: readonly Mailbox[], outcomes: readonly InviteOutcome[]) {
  return mailboxes
    .map((mailbox, index) => ({ ...toJson(mailbox), reason: outcomes[index] }))
    .filter(({ reason }) => reason !== 'subscribed' && reason !== 'invited');
}
