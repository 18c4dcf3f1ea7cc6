import { deletePending } from '../../../database/pending.ts';
import { cancelToken, confirmToken } from '../../../membership/workflow/confirm.ts';
import { RequestRefused } from '../../../membership/workflow/refusal.ts';
import { decideHeldPost } from '../../../moderation/held-posts.ts';
import { runStep } from '../../../queue/enqueue.ts';
import type { Answer } from '../../answer.ts';
import { html } from '../../html.ts';
import { isMailman2sToken, type Prompt, promptOf } from '../../lists/confirm-prompt.ts';
import {
  type DoorVisit,
  doorPage,
  doorPath,
  mailman2sAnswer,
  sayingPage,
  visitDoor,
} from '../../lists/list-door.ts';
import type { Page } from '../../page.ts';
import type { WebText } from '../../texts/index.ts';
import { tokenPage } from './confirm.ts';

/**
 * What a mail asks to confirm: `confirm` of Mailman 2.1, whose tokens work as well. Looking changes nothing, because programs
 * that check mails for bad links open them before their readers do.
 */
export const confirmTokenPage: Page = {
  path: '/lists/:list/confirm/:token/',
  get: async (plain) => {
    const visit = await visitDoor(plain);
    const { token = '' } = visit.params;
    if (await isMailman2sToken(visit, token)) return mailman2sAnswer(visit);
    const prompt = await promptOf(visit, token);
    return prompt ? promptPage(visit, prompt) : tokenPage(visit, true);
  },
  post: async (plain) => {
    const visit = await visitDoor(plain);
    const { token = '' } = visit.params;
    if (await isMailman2sToken(visit, token)) return mailman2sAnswer(visit);
    const prompt = await promptOf(visit, token);
    if (!prompt) return tokenPage(visit, true);
    try {
      const done = visit.form.has('cancel') ? await cancel(visit, prompt) : await carryOut(visit, prompt);
      return sayingPage(visit, { title: visit.say(done.title), lead: done.lead });
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      return refusedPage(visit, prompt, error);
    }
  },
};

interface Done {
  readonly title: WebText;
  readonly lead: string;
}

const QUESTIONS: Readonly<Record<Prompt['kind'], readonly [question: WebText, button: WebText]>> = {
  join: ['confirm_join', 'join_button'],
  leave: ['confirm_leave', 'leave_button'],
  address: ['confirm_address', 'confirm_address_button'],
  options: ['confirm_options', 'confirm_options_button'],
  delivery: ['confirm_delivery', 'confirm_delivery_button'],
  post: ['confirm_post', 'confirm_post_button'],
};

function promptPage(visit: DoorVisit, { kind, email, detail, pending }: Prompt): Answer {
  const { say, urls, list, formField, title } = visit;
  const path = doorPath(list, `confirm/${pending.token}/`);
  const [question, button] = QUESTIONS[kind];
  const isCancellable = kind === 'join' || kind === 'leave' || kind === 'address' || kind === 'options';
  return doorPage(visit, {
    title: say('confirm_title'),
    headers: { 'referrer-policy': 'no-referrer' },
    content: html`<h1>${say('confirm_title')}</h1>
<p class="lead">${say(question, { email, list: title, detail: detail ?? '' })}</p>
<form method="post" action="${urls.path(path)}">
${formField(path)}
<p class="actions"><button type="submit"${(kind === 'leave' || kind === 'post') && html` class="danger"`}>${say(button)}</button>
${isCancellable && html`<button class="second" type="submit" name="cancel" value="1">${say('confirm_cancel')}</button>`}</p>
</form>
<p class="help">${say('confirm_help')}</p>`,
  });
}

async function carryOut(visit: DoorVisit, { kind, pending, email, detail }: Prompt): Promise<Done> {
  const { services, list, say, title } = visit;
  const told = { email, list: title, detail: detail ?? '' };
  if (kind === 'post') {
    await runStep(services, async (step) => {
      if (!(await deletePending(step.connection, pending.token))) throw new RequestRefused('unknown_token');
      await decideHeldPost(step, list, Number(pending.data.request_id), { kind: 'discard' });
    });
    return { title: 'confirmed_title', lead: say('confirmed_post', told) };
  }
  const result = await runStep(services, (step) =>
    confirmToken(step, list, pending.token, 'via web confirmation'),
  );
  switch (result.outcome) {
    case 'subscribed':
      return { title: 'joined_title', lead: say('joined', told) };
    case 'unsubscribed':
      return { title: 'left_title', lead: say('left', told) };
    case 'pending':
      return { title: 'waits_title', lead: say('waits', told) };
    case 'address_changed':
      return { title: 'confirmed_title', lead: say('confirmed_address', told) };
    case 'options_changed':
      return { title: 'confirmed_title', lead: say('options_saved', told) };
    case 'delivery_enabled':
      return { title: 'confirmed_title', lead: say('confirmed_delivery', told) };
  }
}

async function cancel(visit: DoorVisit, { kind, pending }: Prompt): Promise<Done> {
  const { services, list, say } = visit;
  await runStep(services, async (step) => {
    if (kind === 'join' || kind === 'leave') await cancelToken(step, list, pending.token);
    else if (kind !== 'post') await deletePending(step.connection, pending.token);
  });
  return { title: 'confirm_cancelled_title', lead: say('confirm_cancelled') };
}

/** Whoever has the token has the mailbox, and may know how it stands. */
function refusedPage(visit: DoorVisit, { email }: Prompt, { reason }: RequestRefused): Answer {
  const { say, title } = visit;
  if (reason === 'unknown_token' || reason === 'not_member') return tokenPage(visit, true);
  const why: WebText = reason === 'already_member' ? 'join_already_member' : 'join_refused';
  return sayingPage(visit, {
    title: say('confirm_title'),
    lead: say(why, { email, list: title }),
    status: 409,
  });
}
