import { findMembers } from '../../../database/members.ts';
import { RequestRefused } from '../../../membership/workflow/refusal.ts';
import { unsubscribeRequest } from '../../../membership/workflow/unsubscription.ts';
import { addressKey, isValidAddress } from '../../../model/email-address.ts';
import { answerAllowance } from '../../../moderation/answer-allowance.ts';
import { runStep } from '../../../queue/enqueue.ts';
import { redirect } from '../../answer.ts';
import { type DoorVisit, doorPath, mailman2sAnswer, sayingPage, visitDoor } from '../../lists/list-door.ts';
import { mayMail } from '../../lists/mail-limits.ts';
import type { Page } from '../../page.ts';
import { unseen } from '../../unseen.ts';

/** Unanswered mails to a member who might want to leave. */
const MOST_OPEN_REQUESTS = 3;

/** Leaving without signing in: a mail asks the member. The answer is the same whoever asks about whom. */
export const leave: Page = {
  path: '/lists/:list/leave/',
  get: async (plain) => {
    const { list, urls } = await visitDoor(plain);
    return redirect(urls.path(doorPath(list, 'options/')));
  },
  post: async (plain) => {
    const visit = await visitDoor(plain);
    if (visit.isMailman2s) return mailman2sAnswer(visit);
    const { form, say } = visit;
    const email = (form.get('email') ?? '').trim();
    if (!isValidAddress(email)) {
      return sayingPage(visit, {
        title: say('info_leave_title'),
        lead: say('join_bad_address'),
        status: 400,
      });
    }
    if (mayMail(visit, email)) unseen(visit.services, 'Leaving on the web', () => askByMail(visit, email));
    return sayingPage(visit, {
      title: say('sign_in_link_title'),
      lead: say('leave_asked', { email: email.slice(0, 320) }),
    });
  },
};

async function askByMail({ services, list }: DoorVisit, email: string): Promise<void> {
  await runStep(services, async (step) => {
    const key = addressKey(email);
    const member = (await findMembers(step.connection, list.listId, 'member', [key])).get(key);
    if (!member) return;
    const { originalEmail: address, displayName } = member;
    if (!(await answerAllowance(step, list, { address, displayName }))) return;
    await unsubscribeRequest(step, list, email, {
      namedByOthers: true,
      mostOpenRequests: MOST_OPEN_REQUESTS,
      whence: 'via web request',
    });
  }).catch((error: unknown) => {
    if (!(error instanceof RequestRefused)) throw error;
  });
}
