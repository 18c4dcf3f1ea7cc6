import type { Readable } from 'node:stream';

/** Who may keep a copy of an answer. */
export type Visibility =
  /** Anybody; copies are checked by their tag before they are used again. */
  | 'public'
  /** Nobody: the answer is for one reader. */
  | 'private'
  /** Anybody for a year: the address changes with the contents. */
  | 'immutable';

/** A cookie that an answer sets; without a value it is removed. */
export interface AnswerCookie {
  readonly name: 'session' | 'form';
  readonly value: string | undefined;
  /** Seconds; without it the cookie goes with the browser. */
  readonly maxAge?: number;
}

/** What a page answers. */
export interface Answer {
  /** Default 200. */
  readonly status?: number;
  /** Content-Type. */
  readonly type: string;
  readonly body: string | Buffer | Readable;
  readonly visibility: Visibility;
  /** When the contents changed last, in milliseconds since 1970, where that is known. */
  readonly modified?: number | undefined;
  /** Further header fields, in lower case; they win over the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly AnswerCookie[];
}

/** Leads elsewhere: 301 for good, 303 after a form, 302 for now. */
export function redirect(location: string, status: 301 | 302 | 303 = 303): Answer {
  return {
    status,
    type: 'text/plain; charset=utf-8',
    body: '',
    visibility: status === 301 ? 'public' : 'private',
    headers: { location },
  };
}

/** A page, as `layout` renders it. */
export function htmlAnswer(markup: string, answer: Omit<Answer, 'type' | 'body'>): Answer {
  return { ...answer, type: 'text/html; charset=utf-8', body: markup };
}
