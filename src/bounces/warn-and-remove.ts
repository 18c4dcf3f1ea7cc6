import {
  disabledMembers,
  forgetStaleBounces,
  listsWithBounces,
  membersOverThreshold,
} from '../database/bounced-members.ts';
import { listsOfMailman2 } from '../database/cutover.ts';
import { findList } from '../database/lists.ts';
import { announceLeft, personOf } from '../membership/announce.ts';
import { unsubscribe } from '../membership/unsubscribe.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import type { Member } from '../model/member.ts';
import { epochFromUtc, SECONDS_PER_DAY, type UtcTime, utcFromEpoch } from '../model/time.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { memberRemoved } from '../templates/notices/bounces.ts';
import { alone } from './alone.ts';
import { disableDelivery, warnMember } from './disable.ts';

/** Members of one transaction. */
const BATCH = 50;

/** An interval of nothing would send all warnings in one go. */
const SHORTEST_INTERVAL = SECONDS_PER_DAY;

/**
 * The other periodic work: warns members who were disabled by bounces, removes those who got their warnings, disables
 * those whose score is too high since the owner changed the limit, and forgets bounces that are too old to count. Call
 * it again at once while it says that there may be more; once an hour is often enough.
 */
export async function warnAndRemove(step: Step, limit = BATCH): Promise<boolean> {
  let tried = 0;
  let done = 0;
  const each = async (members: readonly Member[], work: (member: Member) => Promise<void>): Promise<void> => {
    for (const member of members) {
      tried += 1;
      const what = `disabled member ${member.email} of list ${member.listId}`;
      if (await alone(step, what, () => work(member))) done += 1;
    }
  };
  const others = await listsOfMailman2(step.connection);
  for (const listId of await listsWithBounces(step.connection)) {
    if (tried >= limit) break;
    // A Mailman 2 that has the list in charge warns and removes.
    if (others.has(listId)) continue;
    const list = await findList(step.connection, listId);
    if (!list?.settings.process_bounces) continue;
    await forgetStale(step, list);
    const threshold = list.settings.bounce_score_threshold;
    await each(
      await membersOverThreshold(step.connection, listId, { threshold, limit: limit - tried }),
      (member) => disableForScore(step, list, member),
    );
    if (tried >= limit) break;
    const interval = Math.max(SHORTEST_INTERVAL, list.settings.bounce_you_are_disabled_warnings_interval);
    const due = { before: earlier(step.clock.now(), interval), limit: limit - tried };
    await each(await disabledMembers(step.connection, listId, due), (member) =>
      warnOrRemove(step, list, member),
    );
  }
  return tried >= limit && done > 0;
}

async function forgetStale(step: Step, list: MailingList): Promise<void> {
  const before = earlier(step.clock.now(), list.settings.bounce_info_stale_after);
  if (before !== undefined) await forgetStaleBounces(step.connection, list.listId, before);
}

async function disableForScore(step: Step, list: MailingList, member: Member): Promise<void> {
  const { bounce_score_threshold } = list.settings;
  step.log(
    'bounce',
    `Member ${member.email} on list ${list.listId}, disabling due to bounce score ${member.bounce.score} >= ${bounce_score_threshold}.`,
  );
  await disableDelivery(step, list, member);
}

async function warnOrRemove(step: Step, list: MailingList, member: Member): Promise<void> {
  if (member.bounce.totalWarningsSent < list.settings.bounce_you_are_disabled_warnings)
    await warnMember(step, list, member);
  else await removeMember(step, list, member);
}

/** Removes with a goodbye, also where the list says none otherwise: silence would look like a fault. */
async function removeMember(step: Step, list: MailingList, member: Member): Promise<void> {
  const { bounce_notify_owner_on_removal } = list.settings;
  const person = await personOf(step.connection, list, member);
  const [wasThere] = await unsubscribe(step.connection, list, 'member', [member.email]);
  if (!wasThere) return;
  step.log('bounce', `Member ${member.email} on list ${list.listId}, deleted after exhausting notices.`);
  await announceLeft(step, list, person, {
    whence: 'disabled address',
    toPerson: true,
    toOwners: bounce_notify_owner_on_removal ? false : undefined,
  });
  step.log(
    'subscribe',
    `${postingAddress(list)}: ${member.originalEmail} auto-unsubscribed [reason: BYBOUNCE]`,
  );
  if (bounce_notify_owner_on_removal) {
    await sendNotice(step, memberRemoved(list, { email: member.originalEmail }));
  }
}

/** Undefined where that lies before all time: owners have set periods of centuries. */
function earlier(now: UtcTime, seconds: number): UtcTime | undefined {
  return utcFromEpoch(epochFromUtc(now) - seconds);
}
