import { type AttemptLimit, networkKey } from '../http/attempt-limit.ts';
import { sameText } from '../http/constant-time.ts';
import { badRequest, RestError } from './errors.ts';

/** Name and password that clients log in with. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Seconds in which failed logins are counted. */
export const LOGIN_PERIOD = 300;

/**
 * Checks an `Authorization` header. Comparing takes the same time whatever is sent; a network with too many failures
 * has to wait, while others go on.
 * @param address where the request comes from
 * @throws RestError 401; 400 where the header cannot be read; 429
 */
export function authenticate(
  header: string | undefined,
  expected: Credentials,
  { limit, address }: { readonly limit: AttemptLimit; readonly address: string },
): void {
  const key = networkKey(address);
  const wait = limit.waitFor(key);
  if (wait > 0) throw tooMany(wait);
  const given = header?.startsWith('Basic ') ? header.slice('Basic '.length) : undefined;
  if (given === undefined) throw unauthorized();
  const decoded = decode(given);
  const at = decoded.indexOf(':');
  if (at < 0) throw badRequest('not enough values to unpack (expected 2, got 1)');
  const isUser = sameText(decoded.slice(0, at), expected.user);
  const isPassword = sameText(decoded.slice(at + 1), expected.password);
  if (isUser && isPassword) {
    limit.forget(key);
    return;
  }
  limit.note(key);
  throw unauthorized();
}

function decode(base64: string): string {
  const bare = base64.replaceAll(/[^A-Za-z0-9+/=]/g, '');
  if (bare.length % 4 !== 0) throw badRequest('Incorrect padding');
  return Buffer.from(bare, 'base64').toString('utf8');
}

function unauthorized(): RestError {
  return new RestError(401, {
    description: 'REST API authorization failed',
    headers: { 'www-authenticate': 'Basic realm="mailman3-rest",charset="utf-8"' },
  });
}

function tooMany(seconds: number): RestError {
  return new RestError(429, {
    description: 'Too many failed logins',
    headers: { 'retry-after': String(seconds) },
  });
}
