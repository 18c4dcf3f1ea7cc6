import { findAddress } from '../../src/database/addresses.ts';
import { rosterEntry } from '../../src/database/roster.ts';
import type { CommandMail } from '../../src/flow/commands/command.ts';
import { recipientOf } from '../../src/membership/recipient.ts';
import { wantsReminders } from '../../src/membership/workflow/option-change.ts';
import { formatDate } from '../../src/message/compose.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { Member } from '../../src/model/member.ts';
import type { EffectivePreferences } from '../../src/model/preferences.ts';
import { answerAllowance } from '../../src/moderation/answer-allowance.ts';
import { sendNotice } from '../../src/templates/notice-sending.ts';
import { commandResults } from '../../src/templates/notices/lists.ts';
import { memberMeant } from './words.ts';

const NO_MAIL = { from: '', subject: '', date: '', messageId: '' };

/**
 * `set show`: the options of a membership, for its own eyes: where somebody writes from another address, they go to the
 * address of the membership, and whoever asked learns nothing, not even whether there is one.
 */
export async function showOptions(mail: CommandMail, address: string | undefined): Promise<void> {
  const { step, list, sender, say, answer, warn } = mail;
  const member = await memberMeant(mail, address);
  const isOther = address !== undefined && addressKey(address) !== addressKey(sender.address);
  if (!isOther) {
    if (member) for (const line of await optionLines(mail, member)) answer(line);
    else warn(say('command_you_are_no_member', { display_name: list.settings.display_name }));
    return;
  }
  warn(say('command_options_sent_to_member', { email: addressKey(address) }));
  if (!member) return;
  const mailbox = { address: member.originalEmail, displayName: member.displayName };
  const to = await recipientOf(
    step.connection,
    list,
    mailbox,
    await findAddress(step.connection, member.email),
  );
  if (!(await answerAllowance(step, list, to))) return;
  const results = await optionLines(mail, member);
  await sendNotice(step, commandResults(list, { to, original: NO_MAIL, results }));
}

async function optionLines({ step, list, say }: CommandMail, member: Member): Promise<string[]> {
  const entry = await rosterEntry(step.connection, member.memberId, list.settings.preferred_language);
  const preferences = entry?.preferences;
  if (!preferences) return [];
  const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');
  const lines = [
    `ack ${onOff(preferences.acknowledge_posts)}`,
    `digest ${digestWord(preferences)}`,
    deliveryLine(say, preferences, member),
    `myposts ${onOff(preferences.receive_own_postings)}`,
    `hide ${onOff(preferences.hide_address)}`,
    `duplicates ${onOff(preferences.receive_list_copy)}`,
    `reminders ${onOff(wantsReminders(member))}`,
  ];
  return [say('command_options'), ...lines.map((line) => `    ${line}`)];
}

function digestWord({ delivery_mode }: EffectivePreferences): string {
  if (delivery_mode === 'regular') return 'off';
  return delivery_mode === 'plaintext_digests' ? 'plain' : 'mime';
}

function deliveryLine(
  say: CommandMail['say'],
  { delivery_status }: EffectivePreferences,
  { deliveryStatusSince }: Member,
): string {
  if (delivery_status === 'enabled') return 'delivery on';
  if (deliveryStatusSince === null) return 'delivery off';
  const date = formatDate(deliveryStatusSince);
  switch (delivery_status) {
    case 'by_user':
      return say('command_delivery_off_by_you', { date });
    case 'by_moderator':
      return say('command_delivery_off_by_owner', { date });
    case 'by_bounces':
      return say('command_delivery_off_by_bounces', { date });
    case 'unknown':
      return say('command_delivery_off_by_unknown', { date });
  }
}
