import { findMembers } from '../../../database/members.ts';
import { RequestRefused } from '../../../membership/workflow/refusal.ts';
import { subscribeRequest } from '../../../membership/workflow/subscription.ts';
import { addressKey, isValidAddress, type Mailbox } from '../../../model/email-address.ts';
import { answerAllowance } from '../../../moderation/answer-allowance.ts';
import { runStep } from '../../../queue/enqueue.ts';
import { type Answer, redirect } from '../../answer.ts';
import { chosenMode } from '../../lists/digest-modes.ts';
import { offeredLanguages } from '../../lists/languages.ts';
import { type DoorVisit, doorPath, mailman2sAnswer, sayingPage, visitDoor } from '../../lists/list-door.ts';
import { mayMail } from '../../lists/mail-limits.ts';
import type { Page } from '../../page.ts';
import { unseen } from '../../unseen.ts';
import { listInfoPage } from './list-info.ts';

/** Unanswered mails to somebody who wants to join. */
const MOST_OPEN_REQUESTS = 3;

/** What the form asks for. */
interface Wish {
  readonly mailbox: Mailbox;
  readonly options: Parameters<typeof subscribeRequest>[3];
}

/** Joining. Who has not signed in with the address confirms by mail, and learns nothing about who is a member. */
export const subscribe: Page = {
  path: '/lists/:list/subscribe/',
  get: async (plain) => {
    const { list, urls } = await visitDoor(plain);
    return redirect(`${urls.path(doorPath(list))}#join`);
  },
  post: async (plain) => {
    const visit = await visitDoor(plain);
    if (visit.isMailman2s) return mailman2sAnswer(visit);
    const { form, say } = visit;
    const email = (form.get('email') ?? '').trim();
    const name = (form.get('name') ?? '').trim().slice(0, 200);
    if (!isValidAddress(email)) {
      const filled = {
        ...{ email: email.slice(0, 320), name },
        ...{ mode: form.get('mode') ?? undefined, language: form.get('language') ?? undefined },
      };
      return listInfoPage(visit, { filled, problem: say('join_bad_address') });
    }
    const wish = wishOf(visit, { address: email, displayName: name });
    if (visit.viewer?.addresses.some((own) => addressKey(own) === addressKey(email))) {
      return joinAsOneself(visit, wish);
    }
    if (mayMail(visit, email)) unseen(visit.services, 'Joining on the web', () => askByMail(visit, wish));
    return sayingPage(visit, { title: say('sign_in_link_title'), lead: say('join_asked', { email }) });
  },
};

function wishOf({ form, list, say, services }: DoorVisit, mailbox: Mailbox): Wish {
  const languages = offeredLanguages(services.config, list);
  const language = languages.find(([code]) => code === form.get('language'))?.[0];
  return {
    mailbox,
    options: {
      deliveryMode: chosenMode(list, say, form.get('mode')),
      // Who chose what the list has anyway chose nothing: the account's own language goes on to count.
      preferredLanguage: language === list.settings.preferred_language ? undefined : language,
      mostOpenRequests: MOST_OPEN_REQUESTS,
      whence: 'via web request',
    },
  };
}

/** Whoever is a member already, or banned, gets no mail. */
async function askByMail({ services, list }: DoorVisit, { mailbox, options }: Wish): Promise<void> {
  await runStep(services, async (step) => {
    const key = addressKey(mailbox.address);
    const { connection } = step;
    if ((await findMembers(connection, list.listId, 'member', [key])).has(key)) return;
    if (!(await answerAllowance(step, list, mailbox))) return;
    await subscribeRequest(step, list, { mailbox }, { ...options, namedByOthers: true });
  }).catch(ignoreRefusal);
}

/** The address is known to be the viewer's: there is nothing to hide and nothing to confirm. */
async function joinAsOneself(visit: DoorVisit, { mailbox, options }: Wish): Promise<Answer> {
  const { services, list, say, title } = visit;
  const told = { email: mailbox.address, list: title };
  try {
    const result = await runStep(services, (step) =>
      subscribeRequest(step, list, { mailbox }, { ...options, preVerified: true, preConfirmed: true }),
    );
    return result.outcome === 'subscribed'
      ? sayingPage(visit, { title: say('joined_title'), lead: say('joined', told) })
      : sayingPage(visit, { title: say('waits_title'), lead: say('waits', told) });
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const why = error.reason === 'already_member' ? 'join_already_member' : 'join_refused';
    return sayingPage(visit, {
      title: say('join_title', { list: title }),
      lead: say(why, told),
      status: 409,
    });
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof RequestRefused)) throw error;
}
