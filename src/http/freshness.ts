import { createHash } from 'node:crypto';

/** What a client says about the copy that it has. */
export interface CopyHeaders {
  readonly 'if-none-match'?: string | undefined;
  readonly 'if-modified-since'?: string | undefined;
}

/** An entity tag (RFC 9110 8.8.3) for these contents: quoted, the same for the same bytes. */
export function entityTag(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`;
}

/**
 * Whether the client's copy is still good (RFC 9110 13.1.2, 13.1.3), so that 304 can be answered. The date counts only
 * where the client sent no tag.
 * @param tag as `entityTag` gives it
 * @param modified milliseconds since 1970
 */
export function isFresh(headers: CopyHeaders, tag: string | undefined, modified?: number): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    if (tag === undefined) return false;
    const bare = (text: string) => text.trim().replace(/^W\//, '');
    return tags.split(',').some((one) => one.trim() === '*' || bare(one) === bare(tag));
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return modified !== undefined && Number.isFinite(since) && Math.floor(modified / 1000) * 1000 <= since;
}
