import { FerrymanError } from '../errors.ts';

const STATUS_LINES: Readonly<Record<number, string>> = {
  400: '400 Bad Request',
  401: '401 Unauthorized',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  413: '413 Payload Too Large',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  503: '503 Service Unavailable',
};

/** The name of a status, as titles of errors have it. */
function statusLine(status: number): string {
  return STATUS_LINES[status] ?? String(status);
}

/** How an error answer is written. */
export interface RestErrorOptions {
  readonly title?: string;
  /** Left out where routing refuses. */
  readonly description?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Mailman's resources name the charset, its HTTP layer does not. */
  readonly namesCharset?: boolean;
}

/** A request is refused: everything it has changed is undone, and this is the answer. */
export class RestError extends FerrymanError {
  override name = 'RestError';
  readonly status: number;
  readonly body: { readonly title: string; readonly description?: string };
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, options: RestErrorOptions = {}) {
    super(options.description ?? statusLine(status));
    this.status = status;
    this.body = {
      title: options.title ?? statusLine(status),
      ...(options.description === undefined ? {} : { description: options.description }),
    };
    const contentType = options.namesCharset ? 'application/json; charset=UTF-8' : 'application/json';
    this.headers = { 'content-type': contentType, ...options.headers };
  }
}

function refusal(status: number, description = statusLine(status)): RestError {
  return new RestError(status, { description, namesCharset: true });
}

/** The request cannot be understood: 400. */
export const badRequest = (description?: string): RestError => refusal(400, description);
/** Nobody may do that: 403. */
export const forbidden = (): RestError => refusal(403);
/** There is no such thing: 404. */
export const notFound = (description?: string): RestError => refusal(404, description);
/** What there is stands against it: 409. */
export const conflict = (description: string): RestError => refusal(409, description);

/** Nothing is there: neither a route, nor what its parts name. */
export const noSuchPath = (): RestError => new RestError(404);

/** A parameter that Mailman's HTTP layer reads, and not a resource. */
export function invalidParameter(name: string, reason: string): RestError {
  return new RestError(400, {
    title: 'Invalid parameter',
    description: `The "${name}" parameter is invalid. ${reason}`,
  });
}
