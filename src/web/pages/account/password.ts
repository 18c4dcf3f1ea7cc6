import { deleteWebSessionsOf, findWebSession } from '../../../database/web-sessions.ts';
import { setAccountPassword } from '../../../membership/account-password.ts';
import { verifyPassword } from '../../../membership/passwords.ts';
import { earlierBy } from '../../../model/time.ts';
import { type Answer, htmlAnswer, redirect } from '../../answer.ts';
import { SignInNeededError, TooManyAttemptsError } from '../../errors.ts';
import { html } from '../../html.ts';
import { layout } from '../../layout.ts';
import { apartPasswords } from '../../lists/apart-passwords.ts';
import type { Page } from '../../page.ts';
import type { WebText } from '../../texts/index.ts';
import { beginSession, hashToken, SESSION_LIFE, type Viewer } from '../../viewer.ts';
import type { Visit } from '../../visit.ts';

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 1000;
/** Who signed in so few seconds ago has just shown who it is: the old password may have been forgotten. */
const FRESH = 900;

/** Choosing a password. The old one is asked for, unless there is none or somebody has just signed in. */
export const password: Page = {
  path: '/accounts/password/',
  get: async (visit) => {
    const viewer = requireViewer(visit);
    return passwordPage(visit, await mustProve(visit, viewer));
  },
  post: async (visit) => {
    const viewer = requireViewer(visit);
    const { form, services, limits } = visit;
    const needsOld = await mustProve(visit, viewer);
    if (needsOld) {
      const wait = limits.account.waitFor(viewer.user.userId);
      if (wait > 0) throw new TooManyAttemptsError(wait);
      if (!(await verifyPassword(viewer.user.password, form.get('old') ?? ''))) {
        limits.account.note(viewer.user.userId);
        return passwordPage(visit, needsOld, 'password_wrong');
      }
    }
    const wanted = form.get('new') ?? '';
    if (wanted.length < SHORTEST_PASSWORD || wanted.length > LONGEST_PASSWORD)
      return passwordPage(visit, needsOld, 'password_short');
    if (wanted !== form.get('again')) return passwordPage(visit, needsOld, 'password_differs');
    const session = await services.database.transaction(async (connection) => {
      await setAccountPassword(connection, viewer.user, wanted);
      // Whoever is signed in elsewhere might be the reason for the change.
      await deleteWebSessionsOf(connection, viewer.user.userId);
      return beginSession(services, connection, viewer.user.userId);
    });
    return {
      ...redirect(`${visit.urls.path('/accounts/')}?password=changed`),
      cookies: [{ name: 'session', value: session, maxAge: SESSION_LIFE }],
    };
  },
};

function requireViewer({ viewer }: Visit): Viewer {
  if (!viewer) throw new SignInNeededError('sign in first');
  return viewer;
}

async function mustProve({ services, sessionToken }: Visit, { user }: Viewer): Promise<boolean> {
  if (user.password === null) return false;
  const now = services.clock.now();
  const session = await findWebSession(services.database.connection, hashToken(sessionToken ?? ''), now);
  return session === undefined || session.createdAt < earlierBy(now, FRESH);
}

async function passwordPage(visit: Visit, needsOld: boolean, problem?: WebText): Promise<Answer> {
  const { say, urls, formField } = visit;
  const field = (name: string, label: WebText, complete: string, rest: string) =>
    html`<p><label for="${name}">${say(label)}</label>
<input id="${name}" name="${name}" type="password" required maxlength="${LONGEST_PASSWORD}" autocomplete="${complete}"${rest === 'new' && html` minlength="${SHORTEST_PASSWORD}"`}></p>`;
  const markup = layout(visit, {
    title: say('password_title'),
    isIndexed: false,
    content: html`<h1>${say('password_title')}</h1>
<p class="lead">${say('password_intro')}</p>
${await apartPasswords(visit)}
${problem && html`<p class="failure" role="alert">${say(problem)}</p>`}
<form class="stacked" method="post" action="${urls.path('/accounts/password/')}">
${formField('/accounts/password/')}
${needsOld && field('old', 'password_old', 'current-password', '')}
${needsOld && html`<p class="help">${say('password_forgotten')}</p>`}
${field('new', 'password_new', 'new-password', 'new')}
${field('again', 'password_again', 'new-password', 'new')}
<p class="help">${say('password_rules')}</p>
<p><button type="submit">${say('password_button')}</button></p>
</form>`,
  });
  return htmlAnswer(markup, { visibility: 'private', ...(problem ? { status: 400 } : {}) });
}
