import { FerrymanError } from '../../src/errors.ts';

/** A file of a pipermail tree that cannot be read; the message names it. */
export class PipermailError extends FerrymanError {
  override name = 'PipermailError';
}

/** Marshalled data that is damaged, hostile or beyond a limit. `offset` is the byte at which the reader gave up. */
export class MarshalError extends FerrymanError {
  override name = 'MarshalError';
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(`Marshal, byte ${offset}: ${problem}`);
    this.offset = offset;
  }
}
