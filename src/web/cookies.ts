import type { AnswerCookie } from './answer.ts';

/** The cookies that we set and read: what stands in them is random, never data. */
export type CookieName = AnswerCookie['name'];

/** `__Host-` lets no other host of the domain set the cookie (RFC 6265bis 4.1.3.2), but browsers want https for it. */
function fullName(name: CookieName, isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}ferryman_${name}`;
}

/** The value of one of our cookies in a Cookie field; undefined where it is missing or cannot be ours. */
export function readCookie(
  header: string | undefined,
  name: CookieName,
  isSecure: boolean,
): string | undefined {
  const wanted = `${fullName(name, isSecure)}=`;
  const found = header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(wanted))
    ?.slice(wanted.length);
  return found !== undefined && /^[\w-]{43}$/.test(found) ? found : undefined;
}

/** A Set-Cookie value. */
export function writeCookie({ name, value, maxAge }: AnswerCookie, isSecure: boolean): string {
  const age = value === undefined ? 0 : maxAge;
  return [
    `${fullName(name, isSecure)}=${value ?? ''}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure ? ['Secure'] : []),
    ...(age === undefined ? [] : [`Max-Age=${age}`]),
  ].join('; ');
}
