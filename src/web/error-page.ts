import type { FastifyRequest } from 'fastify';
import { ArchiveBusyError } from '../archiving/store/errors.ts';
import { languageChain } from '../language/index.ts';
import { Mailman2InChargeError } from '../membership/mailman2-in-charge.ts';
import { postingAddress } from '../model/mailing-list.ts';
import { type Answer, htmlAnswer, redirect } from './answer.ts';
import { BusyError, ListMovedError, NotFoundError, SignInNeededError, WebError } from './errors.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { speakerFor } from './texts/index.ts';
import { pathPart } from './urls.ts';
import type { Visit, WebContext } from './visit.ts';

/** What is answered where a page could not be made; the reader learns nothing of what is inside of the server. */
export async function errorAnswer(
  context: WebContext,
  request: FastifyRequest,
  error: Error & { readonly statusCode?: number },
  visit?: Visit,
): Promise<Answer> {
  const { services, urls } = context;
  if (error instanceof SignInNeededError) {
    const next = urls.path(withoutOldFields(request.url));
    return redirect(`${urls.path('/accounts/login/')}?next=${encodeURIComponent(next)}`);
  }
  if (error instanceof ListMovedError) {
    const { list } = error;
    const moved = request.url.replace(/\/list\/[^/?]+/, () => `/list/${pathPart(postingAddress(list))}`);
    return { ...redirect(urls.path(moved), 301), visibility: 'private' };
  }
  const known = asWebError(error);
  if (!known)
    services.log('error', `${request.method} ${request.routeOptions.url ?? ''}: ${error.stack ?? error}`);
  const { status, text, headers } = known ?? new WebError(500, 'error_server');
  const say = visit?.say ?? (await speakerFor(languageChain(services.config, '')));
  const markup = layout(
    { say, urls, viewer: visit?.viewer },
    {
      title: say('error_title'),
      isIndexed: false,
      content: html`<div class="notice">
<h1>${status}</h1>
<p>${say(text)}</p>
<p><a href="${urls.path('/archives/')}">${say('error_back')}</a></p>
</div>`,
    },
  );
  return htmlAnswer(markup, { status, visibility: 'private', headers });
}

/** Behind an address of Mailman 2.1 there may be a password; nothing there is needed to go on. */
function withoutOldFields(url: string): string {
  return /^\/(?:cgi-bin|mailman|pipermail)\//i.test(url) ? url.replace(/[?].*$/s, '') : url;
}

/** What fastify throws for broken requests says so by its status. */
function asWebError(error: Error & { readonly statusCode?: number }): WebError | undefined {
  if (error instanceof WebError) return error;
  if (error instanceof ArchiveBusyError) return new BusyError();
  if (error instanceof Mailman2InChargeError) return new WebError(409, 'door_mailman2');
  const { statusCode = 500 } = error;
  if (statusCode === 404) return new NotFoundError();
  return statusCode >= 400 && statusCode < 500 ? new WebError(statusCode, 'error_bad_request') : undefined;
}
