import type { BounceMail } from './bounce-mail.ts';

/** Whom a bounce says it could not reach, as addresses are written there. */
export interface Detection {
  /** Delivery was given up. */
  readonly permanent: readonly string[];
  /** Delivery is late, and goes on. */
  readonly temporary: readonly string[];
  /** Nothing is wrong: it was delivered, or passed on to where no more is reported. */
  readonly delivered: readonly string[];
}

/** Knows one format of bounces. */
export interface Detector {
  /** Whose format it is. */
  readonly name: string;
  /** @returns nothing in either list where the mail is not of this format */
  readonly detect: (mail: BounceMail) => Detection;
}

export const nothing: Detection = { permanent: [], temporary: [], delivered: [] };

/** Says that mail to these addresses failed for good. */
export function permanent(addresses: readonly string[]): Detection {
  return { ...nothing, permanent: addresses };
}

/** Says that mail to these addresses is late. */
export function temporary(addresses: readonly string[]): Detection {
  return { ...nothing, temporary: addresses };
}
