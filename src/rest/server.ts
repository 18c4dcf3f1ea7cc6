import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hostInUrl } from '../config/host-in-url.ts';
import type { Config } from '../config/index.ts';
import { accessLine } from '../http/access-line.ts';
import { AttemptLimit } from '../http/attempt-limit.ts';
import { type HttpListening, listenHttp } from '../http/listening.ts';
import type { Services } from '../queue/step.ts';
import type { HttpAnswer } from './answer.ts';
import { authenticate, LOGIN_PERIOD } from './authentication.ts';
import { KeptAnswers } from './kept-answers.ts';
import { respond, type Site } from './respond.ts';
import { Router } from './router.ts';
import { routes } from './routes.ts';

/** Octets of a request: a message that is put into a queue, or a long list of addresses. */
const LARGEST_BODY = 64 * 1024 * 1024;

const REQUEST_TIMEOUT_MS = 120_000;

/** Methods that are answered, if only with 405. */
const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;

/**
 * Serves the REST API where `[webservice]` says.
 * @throws the system's error where the port cannot be had, or the certificate cannot be read
 */
export async function startRest(services: Services): Promise<HttpListening> {
  const app = await restApp(services);
  const { hostname, port } = services.config.webservice;
  return listenHttp(app, hostname, port);
}

/** The same before it listens, for tests. */
export async function restApp(services: Services): Promise<FastifyInstance> {
  const { fastify } = await import('fastify');
  const app: FastifyInstance = fastify({
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    // The API has routing rules of its own, which begin with the target as it came.
    rewriteUrl: () => '/',
    ...tlsOf(services.config),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  const limit = new AttemptLimit({ attempts: services.config.rest.login_failures, period: LOGIN_PERIOD });
  const site: Site = {
    services,
    router: new Router(routes),
    root: rootOf(services.config),
    kept: new KeptAnswers(),
  };
  app.route({
    method: [...METHODS],
    url: '/',
    handler: async (request, reply) => send(reply, await answerTo(site, request, limit)),
  });
  return app;
}

async function answerTo(site: Site, request: FastifyRequest, limit: AttemptLimit): Promise<HttpAnswer> {
  const { services } = site;
  const { admin_user, admin_pass } = services.config.webservice;
  const target = request.originalUrl;
  const answer = await respond(
    site,
    {
      method: request.method,
      target,
      contentType: request.headers['content-type'],
      body: Buffer.isBuffer(request.body) ? request.body : undefined,
    },
    async () =>
      authenticate(
        request.headers.authorization,
        { user: admin_user, password: admin_pass },
        { limit, address: request.ip },
      ),
  );
  const logSent = (size: number): void =>
    services.log(
      'http',
      accessLine(services.config, {
        address: request.ip,
        method: request.method,
        path: target.split('?')[0] ?? '',
        status: answer.status,
        size,
        referrer: request.headers.referer,
        agent: request.headers['user-agent'],
      }),
    );
  if (answer.pieces) return { ...answer, pieces: counted(answer.pieces, services, logSent) };
  logSent(answer.body.length);
  return answer;
}

/** Says at the end how much went out. Where something goes wrong in the middle, the connection is closed before the end. */
async function* counted(
  pieces: AsyncIterable<Buffer>,
  { log }: Services,
  logSent: (size: number) => void,
): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      yield piece;
    }
  } catch (error) {
    log('error', `REST: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    throw error;
  } finally {
    logSent(size);
  }
}

function send(reply: FastifyReply, { status, headers, body, pieces }: HttpAnswer): FastifyReply {
  reply.code(status).headers(headers);
  if (pieces) return reply.send(Readable.from(pieces, { objectMode: false }));
  return reply.send(body.length === 0 ? undefined : body);
}

/** Where links lead: Mailman builds them from the configuration, never from what a client says. */
function rootOf({ webservice: { use_https, hostname, port } }: Config): string {
  return `${use_https ? 'https' : 'http'}://${hostInUrl(hostname)}:${port}`;
}

/** Without a certificate of our own, https is a proxy's. */
function tlsOf({ webservice, rest: { tls_cert, tls_key } }: Config) {
  if (!webservice.use_https || tls_cert === '' || tls_key === '') return {};
  return { https: { cert: readFileSync(tls_cert), key: readFileSync(tls_key) } };
}
