import { unsubscribeRequest } from '../../../membership/workflow/unsubscription.ts';
import { runStep } from '../../../queue/enqueue.ts';
import { redirect } from '../../answer.ts';
import { doorPath, sayingPage, visitDoor } from '../../lists/list-door.ts';
import { requireOwnMembership } from '../../lists/own-options.ts';
import type { Page } from '../../page.ts';

/** A member who is signed in leaves; nothing needs to be confirmed by mail. */
export const optionsLeave: Page = {
  path: '/lists/:list/options/leave/',
  get: async (plain) => {
    const { list, urls } = await visitDoor(plain);
    return redirect(urls.path(doorPath(list, 'options/')));
  },
  post: async (plain) => {
    const visit = await visitDoor(plain);
    const { member } = await requireOwnMembership(visit);
    const { services, list, form, say, urls } = visit;
    if (!form.has('sure')) return redirect(urls.path(doorPath(list, 'options/')));
    const { outcome } = await runStep(services, (step) =>
      unsubscribeRequest(step, list, member.email, { provenByMember: true, whence: 'via web' }),
    );
    const told = { email: member.originalEmail, list: visit.title };
    return outcome === 'unsubscribed'
      ? sayingPage(visit, { title: say('left_title'), lead: say('left', told) })
      : sayingPage(visit, { title: say('waits_title'), lead: say('waits', told) });
  },
};
