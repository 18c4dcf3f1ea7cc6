import { findSignInLink } from '../../database/web-sessions.ts';
import { runStep } from '../../queue/enqueue.ts';
import { htmlAnswer, redirect } from '../answer.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';
import { userWithLink } from '../sign-in.ts';
import { beginSession, hashToken, SESSION_LIFE } from '../viewer.ts';
import type { Visit } from '../visit.ts';
import { afterSignIn } from './sign-in.ts';

/**
 * The link of a mail. Looking at it changes nothing: programs that check mails for bad links open them before their
 * readers do. Its button signs in.
 */
export const signInLink: Page = {
  path: '/accounts/link/:token/',
  get: async (visit) => {
    const { services, params, say, urls, formField } = visit;
    const { token = '' } = params;
    const link = await findSignInLink(services.database.connection, hashToken(token), services.clock.now());
    if (!link) return expired(visit);
    const path = `/accounts/link/${encodeURIComponent(token)}/`;
    const markup = layout(visit, {
      title: say('sign_in_title'),
      isIndexed: false,
      content: html`<h1>${say('sign_in_confirm_title')}</h1>
<form method="post" action="${urls.path(path)}">
${formField(path)}
<p><button type="submit">${say('sign_in_confirm_button')}</button></p>
</form>`,
    });
    return htmlAnswer(markup, { visibility: 'private', headers: { 'referrer-policy': 'no-referrer' } });
  },
  post: async (visit) => {
    const { services, params } = visit;
    const done = await runStep(services, async (step) => {
      const found = await userWithLink(step, params.token ?? '');
      return (
        found && {
          nextPath: found.nextPath,
          session: await beginSession(services, step.connection, found.user.userId),
        }
      );
    });
    if (!done) return expired(visit);
    return {
      ...redirect(afterSignIn(visit, done.nextPath)),
      cookies: [{ name: 'session', value: done.session, maxAge: SESSION_LIFE }],
    };
  },
};

function expired(visit: Visit) {
  const { say, urls } = visit;
  const markup = layout(visit, {
    title: say('sign_in_title'),
    isIndexed: false,
    content: html`<h1>${say('sign_in_title')}</h1>
<p class="failure">${say('sign_in_link_expired')}</p>
<p><a href="${urls.path('/accounts/login/')}">${say('sign_in_title')}</a></p>`,
  });
  return htmlAnswer(markup, { status: 404, visibility: 'private' });
}
