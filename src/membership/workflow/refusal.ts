import { FerrymanError } from '../../errors.ts';

/** Why somebody cannot join or leave, or why a token does nothing. */
const refusals = {
  already_member: 'Member already subscribed',
  banned: 'Membership is banned',
  invalid_address: 'Not a valid email address',
  no_preferred_address: 'User without preferred address',
  no_such_user: 'No such user',
  not_member: 'Not a member',
  pending: 'Subscription request already pending',
  posting_address: 'List posting address cannot subscribe',
  same_address: 'The addresses are the same',
  too_many_requests: 'Too many requests of this kind are open already',
  unknown_token: 'No such request',
} as const;

export type RefusalReason = keyof typeof refusals;

/** A request to join, to leave or to change an address is refused; `reason` lets each interface word it its own way. */
export class RequestRefused extends FerrymanError {
  override name = 'RequestRefused';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(refusals[reason]);
    this.reason = reason;
  }
}
