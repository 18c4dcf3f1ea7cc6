import { findAutoresponse, putAutoresponse } from '../database/autoresponses.ts';
import { addressKey } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { noMoreToday } from '../templates/notices/posts.ts';
import type { Recipient } from '../templates/notices/subscriptions.ts';

const AFTER_LIMIT = -1;

/**
 * Whether somebody may get one more hold notice or command answer today (`[mta] max_autoresponses_per_day`), and counts
 * it. At the limit a last notice says that no more will come; after that there is silence until the next day.
 */
export async function answerAllowance(step: Step, list: MailingList, to: Recipient): Promise<boolean> {
  const limit = step.config.mta.max_autoresponses_per_day;
  if (limit === 0) return true;
  const email = addressKey(to.address);
  const day = step.clock.now().slice(0, 10);
  const known = await findAutoresponse(step.connection, list.listId, 'hold', email);
  const count = known?.day === day ? known.count : 0;
  if (count === AFTER_LIMIT) return false;
  const isLast = count >= limit;
  await putAutoresponse(step.connection, list.listId, {
    kind: 'hold',
    email,
    quietUntil: null,
    day,
    count: isLast ? AFTER_LIMIT : count + 1,
  });
  if (isLast) await sendNotice(step, noMoreToday(list, { to, count: limit }));
  return !isLast;
}
