import {
  type BounceEvent,
  dropUnusedBounces,
  loadBounce,
  takeBounceEvents,
} from '../database/bounce-events.ts';
import { updateBounce } from '../database/bounced-members.ts';
import { findList } from '../database/lists.ts';
import { findMembers } from '../database/members.ts';
import { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Member } from '../model/member.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { bounceScoreUp } from '../templates/notices/bounces.ts';
import { alone } from './alone.ts';
import { disableDelivery } from './disable.ts';
import { sendProbe } from './probe.ts';
import { scoreBounce } from './score.ts';

/** Events of one transaction. */
const BATCH = 100;

/**
 * Counts the bounces that were registered, oldest first, and does what the scores ask for: the periodic work of
 * Mailman's bounce runner. Call it again at once while it says that there may be more.
 */
export async function processBounces(step: Step, limit = BATCH): Promise<boolean> {
  const events = await takeBounceEvents(step.connection, limit);
  for (const event of events) {
    await alone(step, `bounce of ${event.email} on list ${event.listId}`, () => processEvent(step, event));
  }
  await dropUnusedBounces(step.connection, [...new Set(events.map(({ bounceId }) => bounceId))]);
  return events.length === limit;
}

async function processEvent(step: Step, event: BounceEvent): Promise<void> {
  const { connection } = step;
  const list = await findList(connection, event.listId);
  if (!list) return;
  const member = (await findMembers(connection, list.listId, 'member', [event.email])).get(event.email);
  if (!member) return;
  const log = (text: string): void =>
    step.log('bounce', `Member ${member.email} on list ${list.listId}, ${text}.`);
  const status = member.preferences.delivery_status ?? 'enabled';
  if (status === 'by_bounces') log('residual bounce received');
  else if (event.context === 'probe') {
    log('disabling due to probe bounce received');
    await disableDelivery(step, list, member, await bounceOf(step, event));
  } else if (status !== 'enabled' && member.bounce.lastReceived !== null) log('residual bounce received');
  else await countBounce(step, list, member, event, log);
}

async function countBounce(
  step: Step,
  list: MailingList,
  member: Member,
  event: BounceEvent,
  log: (text: string) => void,
): Promise<void> {
  const { kind, bounce } = scoreBounce(member.bounce, list.settings, event.receivedAt);
  await updateBounce(step.connection, member.memberId, { bounce });
  if (kind === 'same-day') {
    log(`already scored a bounce for date ${event.receivedAt.slice(0, 10)}`);
    return;
  }
  if (kind === 'stale') log('stale bounce info, resetting');
  log(`bounce score = ${bounce.score}`);
  // Whoever has chosen to get no mail stays with that choice, and is not removed for old bounces.
  const getsMail = (member.preferences.delivery_status ?? 'enabled') === 'enabled';
  const threshold = list.settings.bounce_score_threshold;
  const isTooMuch = getsMail && bounce.score >= threshold;
  const isProbed = isTooMuch && step.config.mta.verp_probes;
  const scored: Member = { ...member, bounce };
  if (list.settings.bounce_notify_owner_on_bounce_increment && !isProbed) {
    const mail = await bounceOf(step, event);
    await sendNotice(
      step,
      bounceScoreUp(list, { email: member.originalEmail, ...(mail ? { bounce: mail } : {}) }),
    );
  }
  if (!isTooMuch) return;
  const reached = `bounce score ${bounce.score} >= ${threshold}`;
  if (isProbed) {
    log(`sending probe, ${reached}`);
    await sendProbe(step, list, scored, await bounceOf(step, event));
  } else {
    log(`disabling due to ${reached}`);
    await disableDelivery(step, list, scored, await bounceOf(step, event));
  }
}

async function bounceOf({ connection }: Step, { bounceId }: BounceEvent): Promise<Message | undefined> {
  const content = await loadBounce(connection, bounceId);
  return content && Message.parse(content);
}
