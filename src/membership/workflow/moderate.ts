import { findAddress } from '../../database/addresses.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import type { Step } from '../../queue/step.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { requestRefused } from '../../templates/notices/posts.ts';
import { shown } from '../../templates/notices/subscriptions.ts';
import { oneLine } from '../../templates/variables.ts';
import { refuseWhereMailman2InCharge } from '../mailman2-in-charge.ts';
import { recipientOf } from '../recipient.ts';
import { RequestRefused } from './refusal.ts';
import { closeRequest, findRequest, type MembershipRequest } from './requests.ts';
import { continueApproved, continueConfirmed } from './subscription.ts';
import { continueLeaveApproved, continueLeaveConfirmed } from './unsubscription.ts';

/** What a moderator does with a request to join or to leave. */
export type RequestDecision =
  | { readonly kind: 'accept' }
  | { readonly kind: 'reject'; readonly reason: string }
  | { readonly kind: 'discard' }
  | { readonly kind: 'defer' };

/** What became of it. */
export type DecidedRequest =
  | { readonly outcome: 'subscribed' | 'unsubscribed'; readonly member: Member }
  | { readonly outcome: 'pending'; readonly token: string; readonly tokenOwner: 'subscriber' | 'moderator' }
  | { readonly outcome: 'rejected' | 'discarded' | 'deferred' };

/**
 * Carries out a moderator's decision. To accept a request that waits for its subscriber is to confirm it in the
 * subscriber's place: with confirm_then_moderate it waits for a moderator then, under a new token.
 * @throws RequestRefused unknown_token; on accept also what the request runs into (already_member, not_member,
 * banned, posting_address); Mailman2InChargeError
 */
export async function decideRequest(
  step: Step,
  list: MailingList,
  token: string,
  decision: RequestDecision,
): Promise<DecidedRequest> {
  const request = await findRequest(step.connection, token, step.clock.now());
  if (request?.listId !== list.listId) throw new RequestRefused('unknown_token');
  const leaving = request.kind === 'unsubscription' ? [request.email] : [];
  if (decision.kind !== 'defer') await refuseWhereMailman2InCharge(step.connection, list, leaving);
  switch (decision.kind) {
    case 'accept':
      return accept(step, list, request);
    case 'reject':
      await close(step, request);
      logDecision(step, list, request, 'rejected', decision.reason);
      await tellRefused(step, list, request, decision.reason);
      return { outcome: 'rejected' };
    case 'discard':
      await close(step, request);
      logDecision(step, list, request, 'discarded', '');
      return { outcome: 'discarded' };
    case 'defer':
      return { outcome: 'deferred' };
  }
}

async function accept(step: Step, list: MailingList, request: MembershipRequest): Promise<DecidedRequest> {
  const joins = request.kind === 'subscription';
  if (request.tokenOwner === 'moderator')
    return joins ? continueApproved(step, list, request) : continueLeaveApproved(step, list, request);
  const whence = 'via admin approval';
  return joins
    ? continueConfirmed(step, list, request, whence)
    : continueLeaveConfirmed(step, list, request, whence);
}

async function close({ connection }: Step, request: MembershipRequest): Promise<void> {
  if (!(await closeRequest(connection, request))) throw new RequestRefused('unknown_token');
}

async function tellRefused(
  step: Step,
  list: MailingList,
  { kind, mailbox, email }: MembershipRequest,
  reason: string,
): Promise<void> {
  const to = await recipientOf(step.connection, list, mailbox, await findAddress(step.connection, email));
  const request = kind === 'subscription' ? 'join' : 'leave';
  await sendNotice(step, requestRefused(list, { to, request, reason }));
}

function logDecision(
  step: Step,
  list: MailingList,
  { kind, mailbox }: MembershipRequest,
  what: string,
  reason: string,
): void {
  const because = oneLine(reason);
  step.log(
    'vette',
    `${postingAddress(list)}: ${what} ${kind} request from ${shown(mailbox)}${because && `: ${because}`}`,
  );
}
