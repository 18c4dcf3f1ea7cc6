import { type BounceChange, updateBounce } from '../database/bounced-members.ts';
import { personOf } from '../membership/announce.ts';
import type { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Bounce, Member } from '../model/member.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { disabledWarning, memberDisabled } from '../templates/notices/bounces.ts';

/**
 * Sends no more mail to a member until somebody says otherwise. The first warning goes out at once, as in Mailman 2.1;
 * owners hear of it where `bounce_notify_owner_on_disable` says so.
 * @param bounce the mail that was one too many, where there is one
 */
export async function disableDelivery(
  step: Step,
  list: MailingList,
  member: Member,
  bounce?: Message,
): Promise<void> {
  const now = step.clock.now();
  const disabled = { ...member, bounce: { ...member.bounce, totalWarningsSent: 0, lastWarningSent: null } };
  await updateBounce(step.connection, member.memberId, {
    ...withWarnings(list, disabled, disabled.bounce),
    delivery: { status: 'by_bounces', since: now },
  });
  if (list.settings.bounce_you_are_disabled_warnings > 0) await warnMember(step, list, disabled);
  if (list.settings.bounce_notify_owner_on_disable) {
    await sendNotice(
      step,
      memberDisabled(list, { email: member.originalEmail, ...(bounce ? { bounce } : {}) }),
    );
  }
}

/** Tells a disabled member so once more. */
export async function warnMember(step: Step, list: MailingList, member: Member): Promise<void> {
  step.log('bounce', `Member ${member.email} on list ${list.listId}, notifying that delivery is disabled.`);
  const { totalWarningsSent } = member.bounce;
  await updateBounce(
    step.connection,
    member.memberId,
    withWarnings(list, member, {
      ...member.bounce,
      totalWarningsSent: totalWarningsSent + 1,
      lastWarningSent: step.clock.now(),
    }),
  );
  await sendNotice(step, disabledWarning(list, await personOf(step.connection, list, member)));
}

/** What Mailman 2.1 counted down to removal goes along, for the way back to it. */
function withWarnings(list: MailingList, { legacy }: Member, bounce: Bounce): BounceChange {
  if (legacy?.bounceNoticesLeft === undefined) return { bounce };
  const left = list.settings.bounce_you_are_disabled_warnings - bounce.totalWarningsSent;
  return { bounce, legacy: { ...legacy, bounceNoticesLeft: Math.max(0, left) } };
}
