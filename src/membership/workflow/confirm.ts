import { findPending } from '../../database/pending.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import type { Step } from '../../queue/step.ts';
import { confirmAddressChange } from './address-change.ts';
import { confirmOptionChange } from './option-change.ts';
import { confirmReEnable } from './re-enable.ts';
import { RequestRefused } from './refusal.ts';
import { closeRequest, findRequest } from './requests.ts';
import { continueConfirmed } from './subscription.ts';
import { continueLeaveConfirmed } from './unsubscription.ts';

/** What the answer to a token led to. */
export type Confirmed =
  | { readonly outcome: 'subscribed' | 'unsubscribed'; readonly member: Member }
  /** Now a moderator has to agree. */
  | { readonly outcome: 'pending'; readonly token: string; readonly tokenOwner: 'subscriber' | 'moderator' }
  | { readonly outcome: 'address_changed' | 'options_changed' | 'delivery_enabled' };

/**
 * Carries out what a token confirms: to join (also by invitation), to leave, a new address, other options, or to get
 * mail again that bounced. A token works once, on its own list, before it expires; one that waits for a moderator is no
 * concern of whoever sends it.
 * @param whence for the log, such as `via email confirmation`
 * @throws RequestRefused unknown_token, and what the request runs into now
 */
export async function confirmToken(
  step: Step,
  list: MailingList,
  token: string,
  whence: string,
): Promise<Confirmed> {
  const now = step.clock.now();
  const pending = await findPending(step.connection, token.toLowerCase(), now);
  if (pending?.listId !== list.listId) throw new RequestRefused('unknown_token');
  if (pending.kind === 'change_address') {
    await confirmAddressChange(step, list, pending);
    return { outcome: 'address_changed' };
  }
  if (pending.kind === 'change_options') {
    await confirmOptionChange(step, list, pending);
    return { outcome: 'options_changed' };
  }
  if (pending.kind === 're_enable') {
    await confirmReEnable(step, list, pending);
    return { outcome: 'delivery_enabled' };
  }
  const request = await findRequest(step.connection, token, now);
  if (request?.tokenOwner !== 'subscriber') throw new RequestRefused('unknown_token');
  return request.kind === 'subscription'
    ? continueConfirmed(step, list, request, whence)
    : continueLeaveConfirmed(step, list, request, whence);
}

/**
 * Drops a request that its subscriber does not want any more.
 * @throws RequestRefused unknown_token
 */
export async function cancelToken(step: Step, list: MailingList, token: string): Promise<void> {
  const request = await findRequest(step.connection, token, step.clock.now());
  if (request?.tokenOwner !== 'subscriber' || request.listId !== list.listId)
    throw new RequestRefused('unknown_token');
  await closeRequest(step.connection, request);
}
