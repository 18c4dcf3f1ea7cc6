import { readMessage } from '../../../archiving/read-message.ts';
import { findHeldMessage, type HeldMessage } from '../../../database/held-messages.ts';
import { likelyCharsets } from '../../../flow/list-charset.ts';
import { type Say, speak, translateReason } from '../../../language/index.ts';
import { isValidAddress, type Mailbox } from '../../../model/email-address.ts';
import { decideFuturePosts, futureActions } from '../../../moderation/future-posts.ts';
import { runStep } from '../../../queue/enqueue.ts';
import type { Answer } from '../../answer.ts';
import { millisecondsOf, timeTag } from '../../archive/times.ts';
import { NotFoundError, WebError } from '../../errors.ts';
import { html } from '../../html.ts';
import { type Choice, checkField, selectField } from '../../lists/form-fields.ts';
import { type DoorVisit, doorPage, doorPath, mailman2sAnswer } from '../../lists/list-door.ts';
import { decidePosts } from '../../moderation/decide.ts';
import { decisionOf } from '../../moderation/decision.ts';
import { decisionButtons } from '../../moderation/held-list.ts';
import { visitModeration } from '../../moderation/visit.ts';
import type { Page } from '../../page.ts';
import { renderText } from '../../text/render.ts';
import { backTo } from './overview.ts';

/** Characters of markup of a text. */
const MAX_TEXT = 110_000;

/** One held post, as its readers would see it: as text, with nothing in it that could act. */
export const heldPost: Page = {
  path: '/lists/:list/moderation/post/:id(^\\d{1,15}$)/',
  get: async (plain) => {
    const visit = await visitModeration(plain);
    return postPage(visit, await requireHeld(visit), await speak([visit.say.language]));
  },
  post: async (plain) => {
    const visit = await visitModeration(plain);
    if (visit.isMailman2s) return mailman2sAnswer(visit);
    const { form } = visit;
    const decision = decisionOf(form);
    if (!decision) throw new WebError(400, 'error_bad_request');
    const forward = forwardOf(form);
    if (forward === 'wrong') throw new WebError(400, 'join_bad_address');
    const held = await requireHeld(visit);
    const future = futureActions.find((action) => action === form.get('future'));
    if (future && isValidAddress(held.sender))
      await runStep(visit.services, (step) => decideFuturePosts(step, visit.list, held.sender, future));
    const options = { forward, preserve: form.has('preserve') };
    return backTo(visit, await decidePosts(visit, [held.requestId], decision, options));
  },
};

/** The held post of `:id`. @throws NotFoundError where somebody has decided about it */
export async function requireHeld({ services, list, params }: DoorVisit): Promise<HeldMessage> {
  const held = await findHeldMessage(services.database.connection, list.listId, Number(params.id));
  if (!held) throw new NotFoundError('error_held_gone');
  return held;
}

function postPage(visit: DoorVisit, held: HeldMessage, sayReason: Say): Answer {
  const { say, urls, list, services, formField } = visit;
  const path = doorPath(list, `moderation/post/${held.requestId}/`);
  const raw = urls.path(doorPath(list, `moderation/post/${held.requestId}/raw/`));
  const read = readMessage(held.content, { charsets: likelyCharsets(services.config, list) });
  const text = renderText(read.text, { say, isObscured: false, limit: MAX_TEXT, permalink: raw });
  const from = read.sender.displayName
    ? `${read.sender.displayName} <${read.sender.address}>`
    : read.sender.address;
  return doorPage(visit, {
    title: held.subject || say('message_no_subject'),
    trail: [
      [visit.title, urls.path(doorPath(list))],
      [say('moderation_title'), urls.path(doorPath(list, 'moderation/'))],
    ],
    content: html`<article class="message single">
<header>
<h1 dir="auto">${held.subject || say('message_no_subject')}</h1>
<dl class="facts">
<dt>${say('message_from')}</dt><dd><bdi>${from || say('message_unknown_author')}</bdi></dd>
<dt>${say('moderation_held')}</dt><dd>${timeTag(millisecondsOf(held.heldAt), say)} UTC</dd>
<dt>${say('moderation_why')}</dt><dd dir="auto">${held.reasons.map((reason) => translateReason(reason, sayReason)).join('; ')}</dd>
</dl>
</header>
<div class="text">
${text.markup.markup === '' ? html`<p class="quiet">${say('message_empty')}</p>` : text.markup}
</div>
${text.isCut && html`<p class="rest">${say('message_cut')} <a href="${raw}">${say('message_rest')}</a></p>`}
${
  read.attachments.length > 0 &&
  html`<ul class="attachments" aria-label="${say('message_attachments')}">
${read.attachments.slice(0, 50).map(({ name, type, size }) => html`<li><bdi>${name}</bdi> <span class="meta">${type}, ${say.size(size)}</span></li>\n`)}</ul>`
}
</article>
<p><a href="${raw}" rel="nofollow">${say('message_raw')}</a></p>
<form class="moderation" method="post" action="${urls.path(path)}">
${formField(path)}
<h2>${say('moderation_decide')}</h2>
<p><label for="forward">${say('moderation_forward')}</label>
<input id="forward" name="forward" type="email" maxlength="320"></p>
${isValidAddress(held.sender) && selectField('future', say('moderation_future'), futureChoices(visit), '')}
${checkField('preserve', say('moderation_preserve'), false)}
${decisionButtons(visit, 'post')}
<p><button class="second" type="submit" name="decision" value="defer">${say('moderation_defer')}</button></p>
</form>`,
  });
}

function futureChoices({ say }: DoorVisit): Choice[] {
  return [
    ['', say('moderation_future_same')],
    ...futureActions.map((action) => [action, say(`moderation_future_${action}`)] as const),
  ];
}

function forwardOf(form: URLSearchParams): readonly Mailbox[] | 'wrong' {
  const address = (form.get('forward') ?? '').trim();
  if (address === '') return [];
  return isValidAddress(address) ? [{ address, displayName: '' }] : 'wrong';
}
