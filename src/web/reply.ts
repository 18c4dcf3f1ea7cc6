import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkKey } from '../http/attempt-limit.ts';
import { entityTag, isFresh } from '../http/freshness.ts';
import type { Answer, Visibility } from './answer.ts';
import { writeCookie } from './cookies.ts';
import { securityHeaders } from './policy.ts';
import type { WebContext } from './visit.ts';

const compress = promisify(gzip);

/** What may be kept, and by whom (RFC 9111). Pages differ for who is signed in, so that caches must look at cookies. */
const CACHING: Readonly<Record<Visibility, Readonly<Record<string, string>>>> = {
  public: { 'cache-control': 'public, no-cache', vary: 'Cookie, Accept-Encoding' },
  private: { 'cache-control': 'private, no-store' },
  immutable: { 'cache-control': 'public, max-age=31536000, immutable', vary: 'Accept-Encoding' },
};

/** Characters below which compressing a text saves nothing. */
const MIN_COMPRESSED = 1000;
/** Fast; a higher one saves little more. */
const COMPRESSION = { level: 5 };

/** Sends an answer: security headers, tag and date, compressed, or 304 where the client's copy is good. @throws BusyError */
export async function sendAnswer(
  { urls, outgoing }: Pick<WebContext, 'urls' | 'outgoing'>,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): Promise<FastifyReply> {
  const { status = 200, type, body, visibility, modified, headers = {}, cookies = [] } = answer;
  if (request.method !== 'HEAD') {
    try {
      outgoing.add(reply.raw, networkKey(request.ip), body instanceof Readable ? undefined : body.length);
    } catch (error) {
      if (body instanceof Readable) body.destroy();
      throw error;
    }
  }
  reply.headers({ ...securityHeaders, ...CACHING[visibility], 'content-type': type, ...headers });
  if (cookies.length > 0) {
    reply.header(
      'set-cookie',
      cookies.map((cookie) => writeCookie(cookie, urls.isSecure)),
    );
    // An answer with a cookie is for one browser.
    reply.header('cache-control', 'private, no-store');
  }
  if (request.method === 'HEAD' && body instanceof Readable) {
    // Else all of it would be read, for nobody.
    body.destroy();
    return reply.code(status).send();
  }
  if (status !== 200 || visibility === 'private' || cookies.length > 0) return reply.code(status).send(body);
  if (modified !== undefined) {
    // RFC 9110 8.8.2.1: mails may be from the future, answers not.
    reply.header('last-modified', new Date(Math.min(modified, Date.now())).toUTCString());
  }
  if (body instanceof Readable) {
    return isFresh(request.headers, undefined, modified) ? notModified(reply) : reply.code(status).send(body);
  }
  const tag = entityTag(body);
  const isCompressed =
    typeof body === 'string' &&
    body.length >= MIN_COMPRESSED &&
    acceptsGzip(request.headers['accept-encoding']);
  // The same page in another encoding is another representation (RFC 9110 8.8.3.3).
  const compressedTag = `${tag.slice(0, -1)}-gzip"`;
  reply.header('etag', isCompressed ? compressedTag : tag);
  if (isFresh(request.headers, isCompressed ? compressedTag : tag)) return notModified(reply);
  if (!isCompressed) return reply.code(status).send(body);
  return reply
    .code(status)
    .header('content-encoding', 'gzip')
    .send(await compress(body, COMPRESSION));
}

function notModified(reply: FastifyReply): FastifyReply {
  return reply.code(304).send();
}

/** RFC 9110 12.5.3; only what is private is never compressed, lest its length tell what is in it. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '').split(',');
  return codings.some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[\d.]+\s*)?$/i.test(coding));
}
