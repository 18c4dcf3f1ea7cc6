import { addressKey } from '../../model/email-address.ts';
import { type Answer, htmlAnswer, redirect } from '../answer.ts';
import { TooManyAttemptsError } from '../errors.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';
import { userWithPassword } from '../sign-in.ts';
import { signInChoices } from '../sign-in-forms.ts';
import { beginSession, endSession, SESSION_LIFE } from '../viewer.ts';
import type { Visit } from '../visit.ts';

/** Signing in with e-mail and password; a link by mail is offered beside it. */
export const signIn: Page = {
  path: '/accounts/login/',
  get: (visit) =>
    visit.viewer ? redirect(afterSignIn(visit, visit.query.get('next'))) : signInPage(visit, 200),
  post: async (visit) => {
    const { form, limits, network, services, sessionToken } = visit;
    const email = (form.get('email') ?? '').trim();
    const account = addressKey(email);
    const wait = Math.max(limits.network.waitFor(network), limits.account.waitFor(account));
    if (wait > 0) throw new TooManyAttemptsError(wait);
    const user = await userWithPassword(services, email, form.get('password') ?? '');
    if (!user) {
      limits.network.note(network);
      limits.account.note(account);
      return signInPage(visit, 403, email);
    }
    limits.account.forget(account);
    const token = await services.database.transaction(async (connection) => {
      if (sessionToken !== undefined) await endSession(connection, sessionToken);
      return beginSession(services, connection, user.userId);
    });
    return {
      ...redirect(afterSignIn(visit, form.get('next'))),
      cookies: [{ name: 'session', value: token, maxAge: SESSION_LIFE }],
    };
  },
};

/** Where to go then: back to the page that asked for it, and nowhere outside of the site. */
export function afterSignIn({ urls }: Pick<Visit, 'urls'>, next: string | null): string {
  const path = urls.local(next);
  return path === undefined || path.startsWith(urls.path('/accounts/login')) ? urls.path('/accounts/') : path;
}

/** @param email what was typed before, where it did not fit */
function signInPage(visit: Visit, status: number, email?: string): Answer {
  const { say, urls } = visit;
  const next = urls.local(visit.form.get('next') ?? visit.query.get('next'));
  const describedBy = email === undefined ? undefined : 'failure';
  const markup = layout(visit, {
    title: say('sign_in_title'),
    isIndexed: false,
    content: html`<h1>${say('sign_in_title')}</h1>
<p class="lead">${say(next ? 'sign_in_private' : 'sign_in_intro')}</p>
${email !== undefined && html`<p class="failure" id="failure" role="alert">${say('sign_in_failed')}</p>`}
${signInChoices(visit, { next, email, describedBy })}`,
  });
  return htmlAnswer(markup, { status, visibility: 'private' });
}
