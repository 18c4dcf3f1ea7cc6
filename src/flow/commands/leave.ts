import { findAddress } from '../../database/addresses.ts';
import { memberForSender } from '../../membership/sender-member.ts';
import { RequestRefused } from '../../membership/workflow/refusal.ts';
import {
  type UnsubscribeRequestOptions,
  unsubscribeRequest,
} from '../../membership/workflow/unsubscription.ts';
import { addressKey, formatMailbox } from '../../model/email-address.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import { type CommandMail, type EmailCommand, MOST_OPEN_REQUESTS, type NextLines } from './command.ts';

/** `leave`, `unsubscribe`: ends the sender's membership, through any verified address of the same person. */
export const leave: EmailCommand = {
  name: 'leave',
  aliases: ['unsubscribe'],
  usage: '[address=<address>]',
  summary: 'help_leave',
  details: ['help_leave_more'],
  run: async (mail, words) => {
    const named = words.map((word) => /^address=(.+)$/i.exec(word)?.[1]).find((value) => value !== undefined);
    if (named !== undefined && addressKey(named) !== addressKey(mail.sender.address))
      return leaveForOther(mail, named);
    return leaveForSender(mail);
  },
};

async function leaveForSender(mail: CommandMail): Promise<NextLines> {
  const { step, list, sender, say, warn } = mail;
  const email = addressKey(sender.address);
  const member = await memberForSender(step.connection, list.listId, email);
  if (!member) {
    const address = await findAddress(step.connection, email);
    if (!address) warn(say('command_no_user', { email }));
    else if (address.verifiedOn === null) warn(say('command_unverified', { email }));
    else warn(say('command_not_member', { email, listname: postingAddress(list) }));
    return 'stop';
  }
  return askToLeave(mail, member.email, { displayName: member.displayName });
}

/** The address that is named must confirm; whether it is on the list is nobody else's business. */
async function leaveForOther(mail: CommandMail, named: string): Promise<NextLines> {
  return askToLeave(mail, addressKey(named), { namedByOthers: true });
}

/**
 * Asks to end the membership of an address.
 * @param options displayName: that of a member who writes; not for others to learn
 */
export async function askToLeave(
  mail: CommandMail,
  email: string,
  {
    namedByOthers = false,
    provenByMember = false,
    displayName = '',
  }: Pick<UnsubscribeRequestOptions, 'namedByOthers' | 'provenByMember'> & { readonly displayName?: string },
): Promise<NextLines> {
  const { step, list, sender, say, answer, warn } = mail;
  const listname = postingAddress(list);
  const member = formatMailbox({ address: email, displayName });
  try {
    const result = await unsubscribeRequest(step, list, email, {
      whence: sender.address,
      mostOpenRequests: MOST_OPEN_REQUESTS,
      namedByOthers,
      provenByMember,
    });
    if (result.outcome === 'unsubscribed') answer(say('command_left', { email: member, listname }));
    else if (result.tokenOwner === 'subscriber')
      answer(say('command_leave_confirmation_sent', { email: member, listname }));
    else warn(say('command_leave_waits', { email: member, listname }));
    return namedByOthers ? 'stop' : 'go on';
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    if (namedByOthers) answer(say('command_leave_confirmation_sent', { email, listname }));
    else if (error.reason === 'too_many_requests')
      warn(say('command_too_many_requests', { email, listname }));
    else warn(say('command_not_member', { email, listname }));
    return 'stop';
  }
}
