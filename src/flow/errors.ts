import { FerrymanError } from '../errors.ts';

/** A message is for a list that is gone. */
export class NoSuchListError extends FerrymanError {
  override name = 'NoSuchListError';
}
