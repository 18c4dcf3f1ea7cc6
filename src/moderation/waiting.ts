import type { Connection } from '../database/handle.ts';
import { heldMessagesOf } from '../database/held-messages.ts';
import { recordReminder, takeReminder } from '../database/reminders.ts';
import type { Step } from '../flow/step.ts';
import { membershipRequests } from '../membership/workflow/requests.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { earlierBy, type UtcTime } from '../model/time.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { requestsWaiting } from '../templates/notices/lists.ts';

/** What waits for the moderators of a list. */
export interface WaitingRequests {
  readonly count: number;
  /** One line each under a heading for each kind, for people. */
  readonly lines: readonly string[];
}

/** Seconds; a daily job that starts a little late must find that it was the first. */
const LONGER_THAN_A_DAY = 90_000;

/** Beyond this many of a kind, a summary only counts the rest. */
const MOST_LISTED = 100;

/** Held posts, and subscriptions and unsubscriptions that only a moderator can decide. */
export async function waitingRequests(
  connection: Connection,
  listId: string,
  now: UtcTime,
): Promise<WaitingRequests> {
  const forModerators = (kind: 'subscription' | 'unsubscription') =>
    membershipRequests(connection, listId, { kind, tokenOwner: 'moderator' }, now);
  const joining = await forModerators('subscription');
  const leaving = await forModerators('unsubscription');
  const held = await heldMessagesOf(connection, listId);
  const people = (requests: typeof joining) => requests.map(({ email }) => [`    User: ${email}`]);
  return {
    count: joining.length + leaving.length + held.length,
    lines: [
      ...section('Held Subscriptions:', people(joining)),
      ...section('Held Unsubscriptions:', people(leaving)),
      ...section(
        'Held Messages:',
        held.map(({ sender, subject, reasons }) => [
          `    Sender: ${sender}`,
          `    Subject: ${subject}`,
          `    Reason: ${reasons.join('; ') || 'n/a'}`,
          '',
        ]),
      ),
    ],
  };
}

/** Reminds the owners and moderators of a list of what waits for them, if anything does. @returns how much */
export async function notifyModerators(step: Step, list: MailingList): Promise<number> {
  const now = step.clock.now();
  const { count, lines } = await waitingRequests(step.connection, list.listId, now);
  if (count === 0) return 0;
  await recordReminder(step.connection, list.listId, now);
  await sendNotice(step, requestsWaiting(list, { count, data: lines }));
  return count;
}

/**
 * The same once a day, for lists whose moderators nobody has reminded: where `mailman notify` runs from cron, it has.
 * @returns how much
 */
export async function notifyModeratorsDaily(step: Step, list: MailingList): Promise<number> {
  const now = step.clock.now();
  const { count, lines } = await waitingRequests(step.connection, list.listId, now);
  if (count === 0) return 0;
  if (!(await takeReminder(step.connection, list.listId, { since: earlierBy(now, LONGER_THAN_A_DAY), now })))
    return 0;
  await sendNotice(step, requestsWaiting(list, { count, data: lines }));
  return count;
}

function section(heading: string, entries: readonly (readonly string[])[]): string[] {
  if (entries.length === 0) return [];
  const rest = entries.length - MOST_LISTED;
  return [heading, ...entries.slice(0, MOST_LISTED).flat(), ...(rest > 0 ? [`    ... ${rest} more`] : [])];
}
