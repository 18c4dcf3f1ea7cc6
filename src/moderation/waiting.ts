import type { Connection } from '../database/handle.ts';
import { type HeldSummary, heldSummariesOf } from '../database/held-messages.ts';
import { recordReminder, takeReminder } from '../database/reminders.ts';
import { type Say, translateReason } from '../language/index.ts';
import { membershipRequests } from '../membership/workflow/requests.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { earlierBy, type UtcTime } from '../model/time.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { requestsWaiting } from '../templates/notices/lists.ts';

/** What waits for the moderators of a list. */
export interface WaitingRequests {
  readonly count: number;
  /** One line each under a heading for each kind, for people. */
  readonly lines: (say: Say) => readonly string[];
}

/** Seconds; a daily job that starts a little late must find that it was the first. */
const LONGER_THAN_A_DAY = 90_000;

/** Beyond this many of a kind, a summary only counts the rest. */
const MOST_LISTED = 100;

const INDENT = '    ';

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
  const held = await heldSummariesOf(connection, listId);
  const people = (requests: typeof joining, say: Say) =>
    requests.map(({ email }) => [INDENT + say('waiting_user', { email })]);
  return {
    count: joining.length + leaving.length + held.length,
    lines: (say) => [
      ...section(say, say('waiting_joining'), people(joining, say)),
      ...section(say, say('waiting_leaving'), people(leaving, say)),
      ...section(
        say,
        say('waiting_posts'),
        held.map((post) => describePost(post, say)),
      ),
    ],
  };
}

function describePost({ sender, subject, reasons }: HeldSummary, say: Say): string[] {
  const reason = reasons.map((each) => translateReason(each, say)).join('; ') || say('results_not_available');
  const lines = [
    say('waiting_sender', { sender }),
    say('waiting_subject', { subject }),
    say('waiting_reason', { reason }),
  ];
  return [...lines.map((line) => INDENT + line), ''];
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

function section(say: Say, heading: string, entries: readonly (readonly string[])[]): string[] {
  if (entries.length === 0) return [];
  const rest = entries.length - MOST_LISTED;
  const more = rest > 0 ? [INDENT + say('waiting_more', { count: rest })] : [];
  return [heading, ...entries.slice(0, MOST_LISTED).flat(), ...more];
}
