import { RequestRefused } from '../../membership/workflow/refusal.ts';
import { subscribeRequest } from '../../membership/workflow/subscription.ts';
import { addressKey, formatMailbox, type Mailbox } from '../../model/email-address.ts';
import type { DeliveryMode } from '../../model/enums.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import { type CommandMail, type EmailCommand, MOST_OPEN_REQUESTS, type NextLines } from './command.ts';

const DIGESTS: ReadonlyMap<string, DeliveryMode> = new Map([
  ['no', 'regular'],
  ['mime', 'mime_digests'],
  ['plain', 'plaintext_digests'],
]);

/** `join`, `subscribe`: asks for a membership, for the sender or for `address=`. */
export const join: EmailCommand = {
  name: 'join',
  aliases: ['subscribe'],
  usage: '[digest=no|mime|plain] [address=<address>]',
  summary: 'help_join',
  details: ['help_join_more'],
  run: async (mail, words) => {
    let mailbox = mail.sender;
    let deliveryMode: DeliveryMode | undefined;
    for (const word of words) {
      const [, key = '', value = ''] = /^(\w+)=(.+)$/.exec(word) ?? [];
      const mode = DIGESTS.get(value.toLowerCase());
      if (key.toLowerCase() === 'address') mailbox = { address: value, displayName: '' };
      else if (key.toLowerCase() === 'digest' && mode) deliveryMode = mode;
      else {
        mail.warn(mail.say('command_join_bad_argument', { argument: word }));
        return 'stop';
      }
    }
    return askToJoin(mail, mailbox, deliveryMode);
  },
};

/** Asks for a membership for whoever writes, or for somebody who is named and then has to confirm it. */
export async function askToJoin(
  mail: CommandMail,
  mailbox: Mailbox,
  deliveryMode: DeliveryMode | undefined,
): Promise<NextLines> {
  const { step, list, sender, say, answer, warn } = mail;
  const listname = postingAddress(list);
  const member = formatMailbox(mailbox);
  const email = addressKey(mailbox.address);
  const namedByOthers = email !== addressKey(sender.address);
  try {
    const result = await subscribeRequest(
      step,
      list,
      { mailbox },
      { deliveryMode, namedByOthers, mostOpenRequests: MOST_OPEN_REQUESTS, whence: sender.address },
    );
    if (result.outcome === 'subscribed') answer(say('command_joined', { member, listname }));
    else if (result.tokenOwner === 'subscriber') answer(say('command_confirmation_sent', { member }));
    else warn(say('command_join_waits', { member, listname }));
    // One mail may have one mail sent to somebody else.
    return namedByOthers ? 'stop' : 'go on';
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    warn(refusal(mail, email, error.reason, namedByOthers));
    return 'stop';
  }
}

function refusal(
  { list, say }: CommandMail,
  email: string,
  reason: RequestRefused['reason'],
  namedByOthers: boolean,
): string {
  const listname = postingAddress(list);
  switch (reason) {
    case 'invalid_address':
      return say('command_invalid_address', { email });
    case 'posting_address':
      return say('command_posting_address', { email });
    case 'already_member':
    case 'pending':
    case 'too_many_requests':
    case 'banned':
      // Nobody learns here whether somebody else is on the list.
      if (namedByOthers) return say('command_confirmation_sent', { member: email });
      if (reason === 'already_member') return say('command_already_member', { email, listname });
      if (reason === 'pending') return say('command_join_pending', { email, listname });
      if (reason === 'too_many_requests') return say('command_too_many_requests', { email, listname });
      return say('command_banned', { email });
    default:
      return say('command_invalid_address', { email });
  }
}
