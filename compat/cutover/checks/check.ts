import type { Site } from '../../../migrate/site/site.ts';
import type { Cutover } from '../../../src/database/cutover.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import type { Services } from '../../../src/queue/step.ts';

/** What a check looks at. */
export interface Checked {
  readonly services: Pick<Services, 'config' | 'database' | 'clock'>;
  readonly list: MailingList;
  readonly cutover: Cutover;
  /** Mailman 2's files; undefined where they cannot be looked at. */
  readonly site: Site | undefined;
  /** Whoever takes the step knows what differs. */
  readonly acceptsDifferences: boolean;
}

/**
 * Something without which a step would lose mail, or send it twice; one file each.
 * @returns why the step is refused and what to do; undefined where all is well
 */
export interface Check {
  readonly name: string;
  readonly run: (checked: Checked) => Promise<string | undefined>;
}
