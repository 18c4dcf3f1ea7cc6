import type { Random } from './random.ts';

/** Something that reads what comes from outside. */
export interface Target {
  readonly name: string;
  /** Makes an input; the same numbers make the same one. */
  readonly make: (random: Random) => Buffer;
  /** Reads it and checks what must hold of the result. @throws whatever is not the refusal that a parser may give */
  readonly read: (input: Buffer) => void | Promise<void>;
  /** Ends what it holds open. */
  readonly close?: () => Promise<void>;
}

/** What must hold does not. */
export class BrokenPromiseError extends Error {
  override name = 'BrokenPromiseError';
}

/** @throws BrokenPromiseError unless `condition` holds */
export function expectThat(condition: boolean, promise: string): void {
  if (!condition) throw new BrokenPromiseError(promise);
}
