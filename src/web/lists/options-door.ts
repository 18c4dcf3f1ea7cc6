import type { Answer } from '../answer.ts';
import { html } from '../html.ts';
import { signInChoices } from '../sign-in-forms.ts';
import { type DoorVisit, doorPage, doorPath, mailman2sNotice } from './list-door.ts';

/** Where members come in. It looks the same for every address, so that nobody learns who is a member. */
export function optionsDoor(visit: DoorVisit): Answer {
  const { say, urls, list, formField, viewer, query, title, isMailman2s } = visit;
  const email = query.get('email')?.slice(0, 320);
  const path = doorPath(list, 'leave/');
  const leaving = html`<section aria-labelledby="leave">
<h2 id="leave">${say('info_leave_title')}</h2>
<form method="post" action="${urls.path(path)}">
${formField(path)}
<p><label for="leave-email">${say('sign_in_email')}</label>
<input id="leave-email" name="email" type="email" required maxlength="320" autocomplete="email" value="${email}"></p>
<p class="help">${say('leave_by_mail')}</p>
<p><button class="danger" type="submit">${say('leave_button')}</button></p>
</form>
</section>
`;
  return doorPage(visit, {
    title: say('options_title'),
    content: html`<h1>${say('options_heading', { list: title })}</h1>
<p class="lead">${say(viewer ? 'options_no_member' : 'options_intro')}</p>
${isMailman2s && mailman2sNotice(visit)}
${
  viewer
    ? html`<div class="choices">${leaving}</div>`
    : signInChoices(visit, {
        next: urls.path(doorPath(list, 'options/')),
        email,
        further: isMailman2s ? undefined : leaving,
      })
}`,
  });
}
