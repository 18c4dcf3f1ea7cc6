import type { HeldSummary } from '../../database/held-messages.ts';
import { type Say, translateReason } from '../../language/index.ts';
import type { MembershipRequest } from '../../membership/workflow/requests.ts';
import { millisecondsOf, timeTag } from '../archive/times.ts';
import { type Html, html } from '../html.ts';
import { type DoorVisit, doorPath } from '../lists/list-door.ts';

/**
 * The form about all held posts of a page: some are ticked, one decision is made about them.
 * @param sayReason in the reader's language
 */
export function heldPostsForm(visit: DoorVisit, held: readonly HeldSummary[], sayReason: Say): Html {
  const { urls, list, formField } = visit;
  const path = doorPath(list, 'moderation/');
  return html`<form class="moderation" method="post" action="${urls.path(path)}">
${formField(path)}
<ul class="plain waiting">
${held.map((one) => postItem(visit, one, sayReason))}</ul>
${decisionButtons(visit, 'posts')}
</form>`;
}

function postItem({ say, urls, list }: DoorVisit, held: HeldSummary, sayReason: Say): Html {
  const { requestId, subject, sender, reasons, heldAt, size } = held;
  const id = `post-${requestId}`;
  return html`<li><input type="checkbox" id="${id}" name="post" value="${requestId}">
<div><label for="${id}" dir="auto">${subject || say('message_no_subject')}</label>
<p class="meta"><bdi>${sender || say('message_unknown_author')}</bdi> <span class="dot">·</span> ${timeTag(millisecondsOf(heldAt), say)} <span class="dot">·</span> ${say.size(size)}</p>
<p class="meta" dir="auto">${reasons.map((reason) => translateReason(reason, sayReason)).join('; ')}</p>
<p><a href="${urls.path(doorPath(list, `moderation/post/${requestId}/`))}">${say('moderation_read')}</a></p></div></li>\n`;
}

/** The same about people who want to join or to leave. */
export function requestsForm(visit: DoorVisit, requests: readonly MembershipRequest[]): Html {
  const { urls, list, formField, say } = visit;
  const path = doorPath(list, 'moderation/requests/');
  return html`<form class="moderation" method="post" action="${urls.path(path)}">
${formField(path)}
<ul class="plain waiting">
${requests.map(
  ({ token, mailbox, when, kind }, index) =>
    html`<li><input type="checkbox" id="request-${index}" name="request" value="${token}">
<div><label for="request-${index}">${mailbox.address}</label> <span class="badge">${say(kind === 'subscription' ? 'moderation_joins' : 'moderation_leaves')}</span>
<p class="meta">${mailbox.displayName && html`<bdi>${mailbox.displayName}</bdi> <span class="dot">·</span> `}${timeTag(millisecondsOf(when), say)}</p></div></li>\n`,
)}</ul>
${decisionButtons(visit, 'requests')}
</form>`;
}

/** What can be done with what is ticked. @param scope tells two forms of a page apart */
export function decisionButtons({ say }: Pick<DoorVisit, 'say'>, scope: string): Html {
  return html`<p><label for="reason-${scope}">${say('moderation_reason')}</label>
<textarea id="reason-${scope}" name="reason" rows="2" maxlength="10000"></textarea></p>
<p class="actions"><button type="submit" name="decision" value="accept">${say('moderation_accept')}</button>
<button class="second" type="submit" name="decision" value="reject">${say('moderation_reject')}</button>
<button class="danger" type="submit" name="decision" value="discard">${say('moderation_discard')}</button></p>`;
}
