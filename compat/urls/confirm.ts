import { findPending } from '../../src/database/pending.ts';
import { type Answer, redirect } from '../../src/web/answer.ts';
import { doorPath } from '../../src/web/lists/list-door.ts';
import type { Page } from '../../src/web/page.ts';
import type { Visit } from '../../src/web/visit.ts';
import { oldField, oldLists, toNewPage } from './old-page.ts';

/** `/mailman/confirm/LIST/TOKEN`, or `?cookie=TOKEN`: mails of the last days link to it. Nothing is done here yet. */
async function toPrompt(visit: Visit): Promise<Answer> {
  const token = tokenOf(visit);
  if (token === undefined) return toNewPage(visit, 'confirm/', 302);
  const { services, urls } = visit;
  const lists = await oldLists(visit);
  const pending = await findPending(services.database.connection, token, services.clock.now());
  // The token says which of several lists of the name is meant.
  const list = lists.find(({ listId }) => listId === pending?.listId);
  if (list) return redirect(urls.path(doorPath(list, `confirm/${token}/`)), visit.form.size > 0 ? 303 : 302);
  return toNewPage(visit, `confirm/${token}/`, 302);
}

export const confirm: Page = {
  path: '/mailman/confirm/:name/',
  get: toPrompt,
  post: toPrompt,
  takesForeignForms: true,
};

export const confirmToken: Page = { ...confirm, path: '/mailman/confirm/:name/:token/' };

/** Mailers break long lines: what is no token leads to the page that asks for one. */
function tokenOf(visit: Visit): string | undefined {
  const given = (visit.params.token ?? oldField(visit, 'cookie') ?? '').trim().toLowerCase();
  return /^[0-9a-f]{40}$/.test(given) ? given : undefined;
}
