import { withEtag } from './etag.ts';
import type { Resource } from './values.ts';

/** What a request is answered with, unless it is refused. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: Resource;
  /** Instead of it: JSON in pieces, of what is too large to be in memory as a whole. */
  readonly pieces?: AsyncIterable<Buffer>;
  /** An absolute URL, not yet percent-encoded. */
  readonly location?: string;
}

/** An answer as it goes out. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What comes instead of a body that is too large to be in memory. */
  readonly pieces?: AsyncIterable<Buffer>;
}

/** 200 with an object, which gets its entity tag. */
export function okay(resource: Resource): Answer {
  return { status: 200, body: withEtag(resource) };
}

/** 200 with an object that has a tag already, or with nothing. */
export function okayAsIs(body?: Resource): Answer {
  return body === undefined ? { status: 200 } : { status: 200, body };
}

/** 201 with the place of what was made. */
export function created(location: string): Answer {
  return { status: 201, location };
}

/** 202: begun, not finished. */
export function accepted(resource?: Resource): Answer {
  return resource === undefined ? { status: 202 } : { status: 202, body: withEtag(resource) };
}

/** 204 */
export const noContent: Answer = { status: 204 };

/** 200 with a collection whose entries are written one by one. */
export function okayInPieces(pieces: AsyncIterable<Buffer>): Answer {
  return { status: 200, pieces };
}
