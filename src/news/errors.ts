import { FerrymanError } from '../errors.ts';

/** The news server cannot be reached, broke off, or asks to come back later. */
export class NewsTroubleError extends FerrymanError {
  override name = 'NewsTroubleError';
}

/** The news server refuses, and will refuse again. */
export class NewsRefusalError extends FerrymanError {
  override name = 'NewsRefusalError';
  /** RFC 3977 3.2. */
  readonly code: number;

  constructor(code: number, text: string) {
    super(`The news server answers ${code} ${text}`);
    this.code = code;
  }
}
