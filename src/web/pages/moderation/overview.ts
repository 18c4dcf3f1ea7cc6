import { heldSummaryPage } from '../../../database/held-messages.ts';
import { speak } from '../../../language/index.ts';
import { membershipRequests } from '../../../membership/workflow/requests.ts';
import { redirect } from '../../answer.ts';
import { ForbiddenError, WebError } from '../../errors.ts';
import { type Html, html } from '../../html.ts';
import {
  type DoorVisit,
  doorPage,
  doorPath,
  mailman2sAnswer,
  mailman2sNotice,
  visitDoor,
} from '../../lists/list-door.ts';
import { type Decided, decidePosts } from '../../moderation/decide.ts';
import { decisionOf } from '../../moderation/decision.ts';
import { heldPostsForm, requestsForm } from '../../moderation/held-list.ts';
import { passwordClaim } from '../../moderation/password-claim.ts';
import { visitModeration } from '../../moderation/visit.ts';
import type { Page } from '../../page.ts';

const POSTS_PER_PAGE = 50;
const MOST_REQUESTS = 200;

/** What waits for the moderators of a list: `admindb` of Mailman 2.1. */
export const moderation: Page = {
  path: '/lists/:list/moderation/',
  get: async (plain) => {
    let visit: DoorVisit;
    try {
      visit = await visitModeration(plain);
    } catch (error) {
      if (!(error instanceof ForbiddenError)) throw error;
      return passwordClaim(await visitDoor(plain));
    }
    return overview(visit);
  },
  post: async (plain) => {
    const visit = await visitModeration(plain);
    if (visit.isMailman2s) return mailman2sAnswer(visit);
    const { form } = visit;
    const decision = decisionOf(form);
    if (!decision) throw new WebError(400, 'error_bad_request');
    const ids = form.getAll('post').map(Number).filter(Number.isSafeInteger).slice(0, POSTS_PER_PAGE);
    return backTo(visit, await decidePosts(visit, ids, decision));
  },
};

/** Back to the overview, which tells what was done. */
export function backTo({ urls, list }: DoorVisit, { done, gone }: Decided) {
  const told = new URLSearchParams({ done: String(done), gone: String(gone) });
  return redirect(`${urls.path(doorPath(list, 'moderation/'))}?${told}`);
}

async function overview(visit: DoorVisit) {
  const { services, list, say, title, query } = visit;
  const { connection } = services.database;
  const held = await heldSummaryPage(connection, list.listId, { start: 0, count: POSTS_PER_PAGE });
  const requests = await membershipRequests(
    connection,
    list.listId,
    { tokenOwner: 'moderator' },
    services.clock.now(),
  );
  const shown = requests.slice(0, MOST_REQUESTS);
  return doorPage(visit, {
    title: say('moderation_title'),
    content: html`<h1>${say('moderation_heading', { list: title })}</h1>
${outcome(visit, query)}
${visit.isMailman2s && mailman2sNotice(visit)}
<h2 id="posts">${say('moderation_posts')} <span class="count">${say.number(held.total)}</span></h2>
${held.rows.length === 0 ? html`<p class="quiet">${say('moderation_no_posts')}</p>` : heldPostsForm(visit, held.rows, await speak([say.language]))}
${held.total > held.rows.length && html`<p class="note">${say('moderation_more')}</p>`}
<h2 id="people">${say('moderation_people')} <span class="count">${say.number(requests.length)}</span></h2>
${shown.length === 0 ? html`<p class="quiet">${say('moderation_no_people')}</p>` : requestsForm(visit, shown)}
${requests.length > shown.length && html`<p class="note">${say('moderation_more')}</p>`}`,
  });
}

function outcome({ say }: DoorVisit, query: URLSearchParams): Html | false {
  const [done, gone] = [query.get('done'), query.get('gone')].map(Number);
  if (!query.has('done') || !Number.isSafeInteger(done) || !Number.isSafeInteger(gone)) return false;
  return html`<p class="success" role="status">${say.count('moderation_done', done ?? 0)}${
    (gone ?? 0) > 0 && html` ${say.count('moderation_gone', gone ?? 0)}`
  }</p>`;
}
