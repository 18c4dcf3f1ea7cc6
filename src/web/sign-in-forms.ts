import { type Hole, type Html, html } from './html.ts';
import type { Visit } from './visit.ts';

/**
 * The two ways to sign in, side by side: with a password, or with a link that is mailed.
 * @param options next: a path of the site to go on to; email: what is known already; describedBy: the id of what says what
 * was wrong; further: more sections beside them
 */
export function signInChoices(
  { say, urls, formField }: Pick<Visit, 'say' | 'urls' | 'formField'>,
  {
    next,
    email,
    describedBy,
    further,
  }: {
    readonly next?: string | undefined;
    readonly email?: string | undefined;
    readonly describedBy?: string | undefined;
    readonly further?: Hole;
  },
): Html {
  const nextField = next && html`<input type="hidden" name="next" value="${next}">`;
  const emailField = (id: string) =>
    html`<p><label for="${id}">${say('sign_in_email')}</label>
<input id="${id}" name="email" type="email" required maxlength="320" autocomplete="username" value="${email}"${
      describedBy !== undefined && html` aria-describedby="${describedBy}"`
    }></p>`;
  return html`<div class="choices">
<section aria-labelledby="by-password">
<h2 id="by-password">${say('sign_in_by_password')}</h2>
<form method="post" action="${urls.path('/accounts/login/')}">
${formField('/accounts/login/')}${nextField}
${emailField('email')}
<p><label for="password">${say('sign_in_password')}</label>
<input id="password" name="password" type="password" required maxlength="1000" autocomplete="current-password"></p>
<p><button type="submit">${say('sign_in_button')}</button></p>
</form>
</section>
<section aria-labelledby="by-link">
<h2 id="by-link">${say('sign_in_by_link')}</h2>
<form method="post" action="${urls.path('/accounts/link/')}">
${formField('/accounts/link/')}${nextField}
${emailField('link-email')}
<p class="help">${say('sign_in_link_help')}</p>
<p><button type="submit">${say('sign_in_link_button')}</button></p>
</form>
</section>
${further}</div>`;
}
