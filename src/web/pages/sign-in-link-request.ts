import { addressKey } from '../../model/email-address.ts';
import { htmlAnswer, redirect } from '../answer.ts';
import { TooManyAttemptsError } from '../errors.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';
import { mailSignInLink } from '../sign-in.ts';
import { unseen } from '../unseen.ts';
import { afterSignIn } from './sign-in.ts';

/** Asking for a link by mail; the answer is the same whoever asks. */
export const signInLinkRequest: Page = {
  path: '/accounts/link/',
  get: ({ urls }) => redirect(urls.path('/accounts/login/')),
  post: (visit) => {
    const { say, services, limits, network, form } = visit;
    const email = (form.get('email') ?? '').trim();
    if (!limits.mailsToNetwork.note(network))
      throw new TooManyAttemptsError(limits.mailsToNetwork.waitFor(network));
    if (limits.mailsToAccount.note(addressKey(email))) {
      // The time that the answer takes would tell who is known.
      const next = afterSignIn(visit, form.get('next'));
      unseen(services, 'Link to sign in', () => mailSignInLink(services, email, next));
    }
    const markup = layout(visit, {
      title: say('sign_in_link_title'),
      isIndexed: false,
      content: html`<h1>${say('sign_in_link_title')}</h1>
<p class="lead">${say('sign_in_link_sent')}</p>`,
    });
    return htmlAnswer(markup, { visibility: 'private' });
  },
};
