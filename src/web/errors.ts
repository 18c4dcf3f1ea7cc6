import { FerrymanError } from '../errors.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { WebText } from './texts/index.ts';

/** A request that is answered with a page that says why not. */
export class WebError extends FerrymanError {
  override name = 'WebError';
  readonly status: number;
  /** The text that the reader gets, in the language of the page. */
  readonly text: WebText;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, text: WebText, headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${text}`);
    this.status = status;
    this.text = text;
    this.headers = headers;
  }
}

/** 404: there is no such page, list or message. */
export class NotFoundError extends WebError {
  override name = 'NotFoundError';

  constructor(text: WebText = 'error_not_found') {
    super(404, text);
  }
}

/** 403: the reader is known, but not allowed. */
export class ForbiddenError extends WebError {
  override name = 'ForbiddenError';

  constructor(text: WebText = 'error_forbidden') {
    super(403, text);
  }
}

/** 429: too many attempts. */
export class TooManyAttemptsError extends WebError {
  override name = 'TooManyAttemptsError';

  /** @param seconds until the next attempt */
  constructor(seconds: number) {
    super(429, 'error_too_many', { 'retry-after': String(seconds) });
  }
}

/** 503: too much is asked at once. */
export class BusyError extends WebError {
  override name = 'BusyError';

  constructor() {
    super(503, 'error_busy', { 'retry-after': '60' });
  }
}

/** Not allowed to somebody unknown: leads to the sign-in page and back. */
export class SignInNeededError extends FerrymanError {
  override name = 'SignInNeededError';
}

/** The archive is that of a list with another name now: leads there for good. */
export class ListMovedError extends FerrymanError {
  override name = 'ListMovedError';
  readonly list: MailingList;

  constructor(list: MailingList) {
    super(`The archive has moved to ${list.listId}`);
    this.list = list;
  }
}
