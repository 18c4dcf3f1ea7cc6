import { DatabaseError } from '../database/failures.ts';
import { databaseState } from '../database/state.ts';
import { Mailman2InChargeError } from '../membership/mailman2-in-charge.ts';
import { runStep, stepOn } from '../queue/enqueue.ts';
import type { Services } from '../queue/step.ts';
import type { Answer, HttpAnswer } from './answer.ts';
import { conflict, RestError } from './errors.ts';
import { type ApiVersion, apiVersions } from './ids.ts';
import { type Input, readInput, splitTarget } from './input.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { openApiDocument } from './openapi.ts';
import { readParameters } from './parameters.ts';
import { type Call, type Method, methods, type Operation, type Route } from './route.ts';
import type { Router } from './router.ts';
import { routes } from './routes.ts';

/** Where the API is described; beside its versions, so that it is in the way of none of Mailman's paths. */
const DESCRIPTION = 'openapi.json';

/** A request as it came over HTTP. */
export interface HttpRequest {
  readonly method: string;
  /** The request target, still encoded. */
  readonly target: string;
  readonly contentType: string | undefined;
  readonly body: Buffer | undefined;
}

/** What answers requests needs. */
export interface Site {
  readonly services: Services;
  readonly router: Router;
  /** `http://localhost:8001`, the beginning of all links. */
  readonly root: string;
  readonly kept: KeptAnswers;
}

const NOTHING = Buffer.alloc(0);

/**
 * Answers a request. What it changes is one transaction, begun anew where another process was at the same rows.
 * @param authorize throws a RestError unless the client may know what there is; asked when a route was found
 */
export async function respond(
  site: Site,
  request: HttpRequest,
  authorize: () => Promise<void>,
): Promise<HttpAnswer> {
  try {
    const { segments, query } = splitTarget(request.target);
    const [first, ...rest] = segments;
    if (first === DESCRIPTION && rest.length === 0) {
      await authorize();
      return description(site, request.method);
    }
    const version = apiVersions.find((known) => known === first);
    const match = version && site.router.find(version, rest);
    if (!match) throw new RestError(404);
    await authorize();
    if (match.route === 'below') throw new RestError(400);
    if (request.method === 'OPTIONS') return optionsOf(match.route);
    const operation = operationOf(match.route, request.method);
    const answer = async (): Promise<HttpAnswer> => {
      const input = readInput(query, request.contentType, request.body);
      return write(await run(site, operation, { version, path: match.path, input }, request.method));
    };
    return await (isRepeatable(operation, request) ? repeat(site, request.target, answer) : answer());
  } catch (error) {
    return refuse(site, error);
  }
}

function isRepeatable(operation: Operation, { method, body }: HttpRequest): boolean {
  return method === 'GET' && operation.isRepeatable === true && (body?.length ?? 0) === 0;
}

/** Gives the same answer again as long as the database has not changed. */
async function repeat(
  { services, kept }: Site,
  target: string,
  answer: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const state = await databaseState(services.database.connection);
  if (state === undefined) return answer();
  const known = kept.find(state, target);
  if (known) return known;
  const made = await answer();
  kept.keep(state, target, made);
  return made;
}

function description({ root }: Site, method: string): HttpAnswer {
  if (method !== 'GET') throw new RestError(405, { headers: { allow: 'GET, OPTIONS' } });
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(openApiDocument(routes, root))),
  };
}

type Found = Pick<Call, 'version' | 'path' | 'input'>;

async function run(site: Site, operation: Operation, found: Found, method: string): Promise<Answer> {
  const { services, root } = site;
  let later: (() => Promise<void> | void)[] = [];
  const attempt = (step: Call['step']): Promise<Answer> => {
    later = [];
    const call: Call = {
      ...found,
      step,
      connection: step.connection,
      link: (path) => linkTo(root, found.version, path),
      afterwards: (work) => later.push(work),
    };
    return operation.run(call, () =>
      readParameters(operation.parameters ?? {}, found.input as Input, step.config),
    );
  };
  if (method === 'GET') return attempt(stepOn(services, services.database.connection));
  const answer = await runStep(services, attempt);
  for (const work of later) await untroubled(services, work);
  return answer;
}

/** The change is made: what fails afterwards is for the log, not for the client. */
async function untroubled({ log }: Services, work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    log('error', `REST, after a change: ${(error as Error).message}`);
  }
}

/** The absolute URL of a path below a version. */
function linkTo(root: string, version: ApiVersion, path: string): string {
  return `${root}/${version}${path}`;
}

function operationOf(route: Route, method: string): Operation {
  const operation = methods.includes(method as Method) ? route.methods[method as Method] : undefined;
  if (operation) return operation;
  const allow = [...methods.filter((name) => route.methods[name]), 'OPTIONS'].join(', ');
  throw new RestError(405, { headers: { allow } });
}

function optionsOf(route: Route): HttpAnswer {
  const allow = methods.filter((name) => route.methods[name]).join(', ');
  return { status: 200, headers: { allow, 'content-type': 'application/json' }, body: NOTHING };
}

function write({ status, body, pieces, location }: Answer): HttpAnswer {
  return {
    status,
    headers: {
      ...(status === 204 ? {} : { 'content-type': 'application/json' }),
      ...(location === undefined ? {} : { location: encodeLocation(location) }),
    },
    body: body === undefined ? NOTHING : Buffer.from(JSON.stringify(body)),
    ...(pieces ? { pieces } : {}),
  };
}

/** Percent-encodes what a URL cannot have; what is encoded already stays. */
function encodeLocation(url: string): string {
  return encodeURI(url.toWellFormed()).replaceAll(/%25([0-9A-Fa-f]{2})/g, '%$1');
}

function refuse({ services }: Site, error: unknown): HttpAnswer {
  const refusal = refusalOf(error) ?? unforeseen(services, error);
  return {
    status: refusal.status,
    headers: refusal.headers,
    body: Buffer.from(JSON.stringify(refusal.body)),
  };
}

function refusalOf(error: unknown): RestError | undefined {
  if (error instanceof Mailman2InChargeError) return conflict(error.message);
  return error instanceof RestError ? error : undefined;
}

/** What went wrong is for the log; a database that is down is no mistake of the client's or of ours. */
function unforeseen({ log }: Services, error: unknown): RestError {
  log('error', `REST: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new RestError(error instanceof DatabaseError ? 503 : 500);
}
