import type { Answer } from '../answer.ts';
import { ForbiddenError } from '../errors.ts';
import { html } from '../html.ts';
import { type DoorVisit, doorPage, doorPath } from '../lists/list-door.ts';

/**
 * For somebody who is signed in and does not run the list: whoever knows the password that Mailman 2.1 had for its owners or
 * moderators becomes one of them, once and for all.
 * @throws ForbiddenError where the list has no such passwords, or they do not count (`[legacy] passwords`)
 */
export function passwordClaim(visit: DoorVisit, isWrong = false): Answer {
  const { say, urls, list, formField, services, viewer, title } = visit;
  const { admin_password, moderator_password } = list.settings;
  if (!services.config.legacy.passwords || (!admin_password && !moderator_password))
    throw new ForbiddenError('error_moderators_only');
  const path = doorPath(list, 'moderation/password/');
  return doorPage(visit, {
    title: say('moderation_title'),
    status: 403,
    content: html`<h1>${say('moderation_heading', { list: title })}</h1>
<p class="lead">${say('claim_intro')}</p>
${isWrong && html`<p class="failure" role="alert">${say('claim_wrong')}</p>`}
<form class="stacked" method="post" action="${urls.path(path)}">
${formField(path)}
<p><label for="password">${say('claim_password')}</label>
<input id="password" name="password" type="password" required maxlength="1000" autocomplete="off"></p>
<p class="help">${say('claim_help', { email: viewer?.addresses[0] ?? '' })}</p>
<p><button type="submit">${say('claim_button')}</button></p>
</form>`,
  });
}
