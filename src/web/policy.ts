/**
 * What a browser may do with our pages: nothing but show them with our own stylesheet and pictures and send our own
 * forms (Content Security Policy Level 3). There are no scripts at all.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For what came by mail: shown without any right, not even the origin's. */
export const SANDBOX_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'";

/** Header fields of every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};
