import { FerrymanError } from '../../errors.ts';

/** The archive cannot do what it was asked to do; the message names the list. */
export class ArchiveError extends FerrymanError {
  override name = 'ArchiveError';
}

/** Too much is asked of the archive at once, or one question is too much; later it may go well. */
export class ArchiveBusyError extends ArchiveError {
  override name = 'ArchiveBusyError';
}
