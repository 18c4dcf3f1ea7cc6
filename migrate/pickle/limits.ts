/** How much one file may ask of the reader. The defaults take any real site and keep a hostile file in check. */
export interface PickleLimits {
  /** Bytes of memory that the file and all values read from it may need, by estimate. */
  memory: number;
  /** Opcodes run; a list of 100,000 members has 1.2 million. */
  opcodes: number;
  /** Values on the stack at once, such as the items of one list that is not finished yet. */
  stack: number;
  /** Values inside values. A message in a message in a message takes three for each. */
  depth: number;
  /** Decimal digits of one int or long; Python 3 has the same limit for text. */
  digits: number;
  /**
   * Size of the value once everything that it shares is copied out: 16 bytes for each value plus its characters.
   * A few hundred bytes can claim billions of values by naming one list twice in another, over and over; below this
   * limit whoever walks the value with a plain recursive function is safe.
   */
  expanded: number;
  /** Whether a value may contain itself. Whoever allows this must expect it. */
  cycles: boolean;
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_LIMITS: Readonly<PickleLimits> = {
  memory: 160 * MEBIBYTE,
  opcodes: 10_000_000,
  stack: 1_000_000,
  depth: 1000,
  digits: 4300,
  expanded: 256 * MEBIBYTE,
  cycles: false,
};
