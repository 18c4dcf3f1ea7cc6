import { FerrymanError } from '../../errors.ts';
import type { Message } from '../../message/message.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { UtcTime } from '../../model/time.ts';
import type { Services, Step } from '../../queue/step.ts';

/** A post that is to be archived. */
export interface ArchivedPost {
  readonly list: MailingList;
  /** The archiver's own copy; its Date is as `clobber_date` of the archiver wants it. */
  readonly message: Message;
  readonly receivedAt: UtcTime;
}

/** What an archiver works with. */
export interface ArchiverServices extends Services {
  /** The name of its section, `[archiver.NAME]`. */
  readonly name: string;
  /**
   * Does something to the main database, or gives a mail to a queue, as a step; resolves when that is on disk. No
   * waiting for anything else in there.
   */
  readonly inStep: <T>(work: (step: Step) => Promise<T>) => Promise<T>;
}

/**
 * A place where posts are kept; one file each. Archiving happens outside of all transactions and may take its time: mail
 * never waits for it.
 */
export interface Archiver {
  /** Whether it keeps posts of this list; each archiver asks for its own reasons. */
  readonly wants: (list: MailingList) => boolean;
  /**
   * Keeps a post; resolves when it is safe. A process that dies afterwards may do it once more: the second time must do
   * no harm. What it throws is logged, and it is tried again later, for days; the other archivers are not held up.
   */
  readonly archive: (post: ArchivedPost, services: ArchiverServices) => Promise<void>;
}

/** A post could not be archived; the message says where and why. */
export class ArchivingError extends FerrymanError {
  override name = 'ArchivingError';
}
