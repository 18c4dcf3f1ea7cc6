import { FerrymanError } from '../../src/errors.ts';

/** An mbox that cannot be read. `offset` is the byte of the file where it goes wrong. */
export class MboxError extends FerrymanError {
  override name = 'MboxError';
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(`byte ${offset}: ${problem}`);
    this.offset = offset;
  }
}
