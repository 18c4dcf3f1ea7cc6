import { redirect } from '../../answer.ts';
import { WebError } from '../../errors.ts';
import { doorPath, mailman2sAnswer } from '../../lists/list-door.ts';
import { decideRequests } from '../../moderation/decide.ts';
import { decisionOf } from '../../moderation/decision.ts';
import { visitModeration } from '../../moderation/visit.ts';
import type { Page } from '../../page.ts';
import { backTo } from './overview.ts';

const MOST_REQUESTS = 200;

/** Decides about people who want to join or to leave. */
export const moderationRequests: Page = {
  path: '/lists/:list/moderation/requests/',
  get: async (plain) => {
    const { list, urls } = await visitModeration(plain);
    return redirect(urls.path(doorPath(list, 'moderation/')));
  },
  post: async (plain) => {
    const visit = await visitModeration(plain);
    if (visit.isMailman2s) return mailman2sAnswer(visit);
    const decision = decisionOf(visit.form);
    if (!decision) throw new WebError(400, 'error_bad_request');
    const tokens = visit.form.getAll('request').slice(0, MOST_REQUESTS);
    return backTo(visit, await decideRequests(visit, tokens, decision));
  },
};
