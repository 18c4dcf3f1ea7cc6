import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { accessLine } from '../http/access-line.ts';
import { AttemptLimit } from '../http/attempt-limit.ts';
import type { Services } from '../queue/step.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './error-page.ts';
import { NotFoundError } from './errors.ts';
import { newSecret } from './form-token.ts';
import { withoutSecrets } from './log-path.ts';
import { Outgoing } from './outgoing.ts';
import type { Page } from './page.ts';
import { pages } from './pages/index.ts';
import { sendAnswer } from './reply.ts';
import { formKeyOf, readVisit } from './request.ts';
import { unseenDone } from './unseen.ts';
import { Urls } from './urls.ts';
import type { Visit, WebContext } from './visit.ts';

/** Octets that a form may have. */
const FORM_LIMIT = 64 * 1024;
/** Octets of one part of a path, decoded. */
const PARAMETER_LIMIT = 1000;
const REQUEST_TIMEOUT = 30_000;
/** A connection on which nothing moves, neither in nor out, is closed. */
const IDLE_TIMEOUT = 60_000;

const QUARTER_HOUR = 900;
const HOUR = 3600;

/** The web pages as an application, for a server or for tests that inject requests. */
export function createWebApp(services: Services, openArchive: WebContext['openArchive']): FastifyInstance {
  const context: WebContext = {
    services,
    openArchive,
    urls: new Urls(services.config),
    outgoing: new Outgoing(),
    limits: {
      network: new AttemptLimit({ attempts: 30, period: QUARTER_HOUR }),
      account: new AttemptLimit({ attempts: 10, period: QUARTER_HOUR }),
      mailsToNetwork: new AttemptLimit({ attempts: 20, period: HOUR }),
      mailsToAccount: new AttemptLimit({ attempts: 3, period: HOUR }),
    },
  };
  const { prefix } = context.urls;
  const app = fastify({
    bodyLimit: FORM_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    connectionTimeout: IDLE_TIMEOUT,
    // Who comes from elsewhere could claim any address.
    trustProxy: 'loopback',
    logger: false,
    // A proxy may hand on the path as it is or without the prefix.
    rewriteUrl: ({ url = '/' }) =>
      prefix !== '' && (url === prefix || url.startsWith(`${prefix}/`))
        ? url.slice(prefix.length) || '/'
        : url,
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: PARAMETER_LIMIT,
      onBadUrl: (_path, _request, response) => {
        response.statusCode = 400;
        response.end();
      },
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string | Buffer) => new URLSearchParams(String(body)),
  );
  // Mailman 2.1's pages of administration send this, from tabs that are still open: they are led on, and lose what they brought.
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, async () => new URLSearchParams());
  app.addHook('onResponse', async (request, reply) => log(services, request, reply));
  app.addHook('onClose', () => unseenDone(services));
  for (const page of pages) addPage(app, context, page);
  app.setNotFoundHandler((request, reply) =>
    respond(context, request, reply, () => {
      throw new NotFoundError();
    }),
  );
  app.setErrorHandler((error: Error, request, reply) => fail(context, request, reply, error));
  return app;
}

function addPage(app: FastifyInstance, context: WebContext, page: Page): void {
  const { path, get, post, takesForeignForms } = page;
  if (get) app.get(path, (request, reply) => respond(context, request, reply, get));
  if (post) app.post(path, (request, reply) => respond(context, request, reply, post, takesForeignForms));
}

async function respond(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (visit: Visit) => Promise<Answer> | Answer,
  takesForeignForms = false,
): Promise<FastifyReply> {
  const known = formKeyOf(context, request);
  const formKey = known ?? newSecret();
  let isFormShown = false;
  let visit: Visit | undefined;
  try {
    const read = await readVisit(context, request, { formKey, takesForeignForms });
    visit = {
      ...read,
      formField: (path) => {
        isFormShown = true;
        return read.formField(path);
      },
    };
    const given = await answer(visit);
    const cookies = [...(given.cookies ?? [])];
    if (isFormShown && known === undefined) cookies.push({ name: 'form', value: formKey });
    return sendAnswer(context, request, reply, { ...given, cookies });
  } catch (error) {
    return fail(context, request, reply, error as Error, visit);
  }
}

async function fail(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  error: Error,
  visit?: Visit,
): Promise<FastifyReply> {
  return sendAnswer(context, request, reply, await errorAnswer(context, request, error, visit));
}

function log({ config, log }: Services, request: FastifyRequest, reply: FastifyReply): void {
  const [path = ''] = request.url.split('?');
  const line = accessLine(config, {
    address: request.ip,
    method: request.method,
    path: withoutSecrets(path),
    status: reply.statusCode,
    size: Number(reply.getHeader('content-length') ?? 0),
    referrer: request.headers.referer && withoutSecrets(request.headers.referer),
    agent: request.headers['user-agent'],
  });
  log('http', line);
}
