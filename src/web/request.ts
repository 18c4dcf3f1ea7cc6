import type { FastifyRequest } from 'fastify';
import { networkKey } from '../http/attempt-limit.ts';
import { languageChain } from '../language/index.ts';
import { readCookie } from './cookies.ts';
import { WebError } from './errors.ts';
import { formToken, isOurForm } from './form-token.ts';
import { html } from './html.ts';
import { speakerFor } from './texts/index.ts';
import { findViewer } from './viewer.ts';
import type { Visit, WebContext } from './visit.ts';

/** The name of the field that carries a form's token. */
const TOKEN_FIELD = 'form_token';

/**
 * A request as pages see it.
 * @param options formKey: the value of the cookie that binds forms to the browser, old or new; takesForeignForms: see Page
 * @throws WebError where a form is not ours
 */
export async function readVisit(
  context: WebContext,
  request: FastifyRequest,
  { formKey, takesForeignForms }: { readonly formKey: string; readonly takesForeignForms: boolean },
): Promise<Visit> {
  const { services, urls } = context;
  const cookies = request.headers.cookie;
  const sessionToken = readCookie(cookies, 'session', urls.isSecure);
  const viewer = sessionToken === undefined ? undefined : await findViewer(services, sessionToken);
  const [path = '/', search = ''] = splitUrl(request.url);
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  if (request.method === 'POST' && !takesForeignForms) {
    checkForm(context, request, path, form);
  }
  const wanted = viewer?.user.preferences.preferred_language ?? services.config.mailman.default_language;
  return {
    ...context,
    path,
    params: request.params as Record<string, string>,
    query: new URLSearchParams(search),
    form,
    headers: request.headers,
    network: networkKey(request.ip),
    viewer,
    sessionToken,
    say: await speakerFor(languageChain(services.config, wanted)),
    formField: (target) =>
      html`<input type="hidden" name="${TOKEN_FIELD}" value="${formToken(formKey, target)}">`,
  };
}

/** The cookie that forms of this browser are bound to, if it has one. */
export function formKeyOf({ urls }: WebContext, request: FastifyRequest): string | undefined {
  return readCookie(request.headers.cookie, 'form', urls.isSecure);
}

function checkForm(context: WebContext, request: FastifyRequest, path: string, form: URLSearchParams): void {
  const site = request.headers['sec-fetch-site'];
  const isForeign = site !== undefined && site !== 'same-origin';
  const target = path.endsWith('/') ? path : `${path}/`;
  if (isForeign || !isOurForm(formKeyOf(context, request), target, form.get(TOKEN_FIELD)))
    throw new WebError(403, 'error_form_expired');
}

function splitUrl(url: string): [path: string, search: string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}
