import { type Mailman2Outcome, UNKNOWN } from '../../../src/database/mailman2-posts.ts';
import type { Mailman2Event } from './events.ts';

/** An event that is about one post. */
export type PostEvent = Exclude<Mailman2Event, { readonly kind: 'undeliverable' }>;

/** What Mailman 2 calls a post without Message-ID. */
export const NO_MESSAGE_ID = 'n/a';

/** Message-IDs that Mailman 2 has made: of notices and digests, and of posts that it wraps or makes anonymous. */
export function isMadeByMailman2(messageId: string): boolean {
  return /^<mailman\.\d+\.\d+\.\d+\.[^<>]*>$/.test(messageId);
}

/** What a post is found by: those without Message-ID are told apart by their second. @param at seconds since 1970 */
export function nameOf(messageId: string, at: number): string {
  return messageId === NO_MESSAGE_ID ? `${NO_MESSAGE_ID} ${at}` : messageId;
}

/** Whether it has reached members of Mailman 2, or is about to. */
export function isAccepted({ sent_at, moderator }: Mailman2Outcome): boolean {
  return sent_at !== null || moderator === 'approved';
}

/** Adds an event to what is known of its post. The first of each kind counts, as later ones are other tries. @param at seconds since 1970 */
export function learn(before: Mailman2Outcome | undefined, event: PostEvent, at: number): Mailman2Outcome {
  const known = before ?? UNKNOWN;
  const decided = (decision: Mailman2Outcome['decision']): Mailman2Outcome =>
    known.decision === null ? { ...known, decision, decided_at: at } : known;
  switch (event.kind) {
    case 'accepted':
      if (known.sent_at !== null) return known;
      return {
        ...decided('accept'),
        ...{ sent_at: at, failures: event.failures, sender: known.sender || event.sender },
      };
    case 'sent':
      return known.recipients === null ? { ...known, recipients: event.recipients } : known;
    case 'held':
      return {
        ...decided('hold'),
        reason: known.reason || event.reason,
        sender: known.sender || event.sender,
      };
    case 'discarded':
    case 'rejected': {
      const decision = event.kind === 'rejected' ? 'reject' : 'discard';
      return { ...decided(decision), handler: event.handler, reason: known.reason || event.reason };
    }
    case 'approved':
      // A hold in an emergency is not logged.
      return { ...decided('hold'), moderator: 'approved', moderated_at: at };
    case 'refused':
    case 'dropped': {
      const moderator = event.kind === 'refused' ? 'refused' : 'discarded';
      return { ...decided('hold'), moderator, moderated_at: at };
    }
  }
}
