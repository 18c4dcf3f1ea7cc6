import type { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Step } from '../queue/step.ts';

/** A message on its way through a list. Rules look at it, handlers change it. */
export interface Post {
  readonly list: MailingList;
  readonly message: Message;
  readonly metadata: MessageMetadata;
}

/** A moderation rule, under Mailman's name; one file each. */
export interface Rule {
  readonly name: string;
  /** What it looks for, for documentation and pages. */
  readonly description: string;
  /** Whether its result is recorded among the hits and misses. */
  readonly record: boolean;
  /** The reasons when it hits (perhaps none), null when it misses. */
  readonly check: (post: Post, step: Step) => Promise<readonly string[] | null>;
}

/** A step of a pipeline, under Mailman's name; one file each. */
export interface Handler {
  readonly name: string;
  readonly description: string;
  /** Whether it puts a copy of the post into a queue and is done with it: the memory of a large one can be given back. */
  readonly makesCopy?: true;
  /** @throws DiscardPost, RejectPost to end the pipeline */
  readonly process: (post: Post, step: Step) => Promise<void>;
}

/** The handler wants the message gone. */
export class DiscardPost extends Error {
  override name = 'DiscardPost';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join('; '));
    this.reasons = reasons;
  }
}

/** The handler wants the message returned to its sender. */
export class RejectPost extends Error {
  override name = 'RejectPost';
  readonly reasons: readonly string[];
  /** What goes back to the sender, where the handler has changed the message already. */
  readonly original: Message | undefined;

  constructor(reasons: readonly string[], original?: Message) {
    super(reasons.join('; '));
    this.reasons = reasons;
    this.original = original;
  }
}
