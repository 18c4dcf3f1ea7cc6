import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { entityTag, isFresh } from '../http/freshness.ts';
import type { Answer, Visibility } from './answer.ts';
import { writeCookie } from './cookies.ts';
import { securityHeaders } from './policy.ts';
import type { Urls } from './urls.ts';

/** What may be kept, and by whom (RFC 9111). Pages differ for who is signed in, so that caches must look at cookies. */
const CACHING: Readonly<Record<Visibility, Readonly<Record<string, string>>>> = {
  public: { 'cache-control': 'public, no-cache', vary: 'Cookie' },
  private: { 'cache-control': 'private, no-store' },
  immutable: { 'cache-control': 'public, max-age=31536000, immutable' },
};

/** Sends an answer: security headers, tag and date, 304 where the client's copy is good. */
export function sendAnswer(
  { urls }: { readonly urls: Urls },
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): FastifyReply {
  const { status = 200, type, body, visibility, modified, headers = {}, cookies = [] } = answer;
  reply.headers({ ...securityHeaders, ...CACHING[visibility], 'content-type': type, ...headers });
  if (cookies.length > 0) {
    reply.header(
      'set-cookie',
      cookies.map((cookie) => writeCookie(cookie, urls.isSecure)),
    );
    // An answer with a cookie is for one browser.
    reply.header('cache-control', 'private, no-store');
  }
  if (status === 200 && visibility !== 'private' && cookies.length === 0) {
    const tag = body instanceof Readable ? undefined : entityTag(body);
    if (tag !== undefined) reply.header('etag', tag);
    if (modified !== undefined) reply.header('last-modified', new Date(modified).toUTCString());
    if (isFresh(request.headers, tag, tag === undefined ? modified : undefined))
      return reply.code(304).send();
  }
  return reply.code(status).send(body);
}
