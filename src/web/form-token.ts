import { createHmac, randomBytes } from 'node:crypto';
import { sameText } from '../http/constant-time.ts';

/** A new random value for a cookie: 256 bits, 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What a form carries to show that it is ours: bound to a cookie that other sites can neither read nor set, and to
 * the address that the form is sent to.
 */
export function formToken(formKey: string, path: string): string {
  return createHmac('sha256', formKey).update(path).digest('base64url');
}

/** Whether a form that came for `path` was made for the browser that has the cookie. */
export function isOurForm(formKey: string | undefined, path: string, token: string | null): boolean {
  return formKey !== undefined && token !== null && sameText(formToken(formKey, path), token);
}
