import type { UtcTime } from './time.ts';

export const autoresponseKinds = ['postings', 'owner', 'requests', 'hold'] as const;
export type AutoresponseKind = (typeof autoresponseKinds)[number];

/** That somebody was answered automatically, so that the next answer waits. */
export interface Autoresponse {
  readonly kind: AutoresponseKind;
  /** The key of the address that was answered; '' for the null sender. */
  readonly email: string;
  /** No further answer before this moment. */
  readonly quietUntil: UtcTime | null;
  /** For hold notices: the day of `count`. */
  readonly day: string | null;
  /** Hold notices sent on that day; -1 after the limit was reached. */
  readonly count: number;
}
