import type { Answer } from '../../answer.ts';
import { redirect } from '../../answer.ts';
import { html } from '../../html.ts';
import { type DoorVisit, doorPage, doorPath, visitDoor } from '../../lists/list-door.ts';
import type { Page } from '../../page.ts';

/** For those who type a token: most follow the link of a mail instead. */
export const confirm: Page = {
  path: '/lists/:list/confirm/',
  get: async (plain) => tokenPage(await visitDoor(plain)),
  post: async (plain) => {
    const visit = await visitDoor(plain);
    const token = (visit.form.get('token') ?? '').trim().toLowerCase();
    if (!/^[0-9a-f]{40}$/.test(token)) return tokenPage(visit, true);
    return redirect(visit.urls.path(doorPath(visit.list, `confirm/${token}/`)));
  },
};

/** Asks for a token. @param isWrong whether the one that came is none, or not any more */
export function tokenPage(visit: DoorVisit, isWrong = false): Answer {
  const { say, urls, list, formField } = visit;
  const path = doorPath(list, 'confirm/');
  return doorPage(visit, {
    title: say('confirm_title'),
    ...(isWrong ? { status: 404 } : {}),
    headers: { 'referrer-policy': 'no-referrer' },
    content: html`<h1>${say('confirm_title')}</h1>
${isWrong && html`<p class="failure" role="alert">${say('confirm_unknown')}</p>`}
<form class="stacked" method="post" action="${urls.path(path)}">
${formField(path)}
<p><label for="token">${say('confirm_token')}</label>
<input id="token" name="token" required minlength="40" maxlength="60" autocomplete="off" spellcheck="false"></p>
<p class="help">${say('confirm_token_help')}</p>
<p><button type="submit">${say('confirm_next')}</button></p>
</form>`,
  });
}
