import { FerrymanError } from '../../src/errors.ts';

/** A pickle that is damaged, hostile or beyond a limit. `offset` is the byte at which the reader gave up. */
export class PickleError extends FerrymanError {
  override name = 'PickleError';
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(`Pickle, byte ${offset}: ${problem}`);
    this.offset = offset;
  }
}

/** A value that has no form in the pickle protocol asked for, or that Python 2 could not read back. */
export class PickleWriteError extends FerrymanError {
  override name = 'PickleWriteError';
}

/** A value that Python does not take as the key of a dict or the member of a set. */
export class UnhashableError extends FerrymanError {
  override name = 'UnhashableError';
}
