import { FerrymanError } from '../../errors.ts';

/** The archive cannot do what it was asked to do; the message names the list. */
export class ArchiveError extends FerrymanError {
  override name = 'ArchiveError';
}
