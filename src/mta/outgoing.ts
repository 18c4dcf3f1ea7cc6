import type { QueueEntry } from '../queue/entry.ts';
import type { Step } from '../queue/step.ts';

/**
 * How one message leaves: what the flow decides before anything is sent. Its functions do no I/O and may be called in any
 * order, once for each attempt.
 */
export interface Outgoing {
  /** For the log: the list's posting address, the message's Message-ID, who wrote it. */
  readonly listName: string;
  readonly messageId: string;
  readonly author: string;
  /** Whether each recipient gets a transaction of its own, because of VERP or of personalised copies. */
  readonly isIndividual: boolean;
  /** The envelope sender; '' is the null sender. @param recipient given where `isIndividual` */
  readonly senderFor: (recipient: string | undefined) => string;
  /** The message as it is sent, with CRLF. @param recipient given where `isIndividual` */
  readonly renderFor: (recipient: string | undefined) => Promise<Uint8Array>;
  /** Given where a mail server may make the senders itself, from `senderFor(undefined)`. */
  readonly sharedVerp?: SharedVerp | undefined;
}

/** Copies that differ in their envelope senders alone, which a mail server with XVERP makes (Postfix's VERP_README). */
export interface SharedVerp {
  /** What it puts in front of the recipient's local part and of the domain: `+=`. */
  readonly delimiters: string;
  /** Whether it makes the same of this recipient as we do. */
  readonly isFit: (recipient: string) => boolean;
}

/** Decides that; runs as a step, whose changes are kept. */
export type PrepareOutgoing = (entry: QueueEntry, step: Step) => Promise<Outgoing>;

/** A recipient that the mail server has refused for good, or that was given up. */
export interface RefusedRecipient {
  readonly recipient: string;
  /** The reply code of SMTP; 444 where there was no connection. */
  readonly code: number;
  readonly text: string;
}

/** Registers bounces; runs as part of the step that settles these recipients. */
export type RegisterRefusals = (
  entry: QueueEntry,
  refused: readonly RefusedRecipient[],
  step: Step,
) => Promise<void>;

/** What delivery asks of the flow and of bounce processing. */
export interface DeliveryHooks {
  readonly prepare: PrepareOutgoing;
  readonly registerRefusals: RegisterRefusals;
}
