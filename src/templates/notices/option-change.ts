import { type MailingList, postingAddress, subAddress } from '../../model/mailing-list.ts';
import type { Notice } from '../notice.ts';
import { confirmAddress, listSender } from '../senders.ts';
import { oneLine } from '../variables.ts';
import { confirmByWeb } from '../web-links.ts';
import { wrap } from '../wrap.ts';
import { type Recipient, userAudience } from './subscriptions.ts';

/** A change of options that the member has to confirm. */
export interface OptionChangeDetails {
  readonly to: Recipient;
  readonly token: string;
  /** What would change, line by line. */
  readonly shown: readonly string[];
}

/** Asks a member whether these options are to change. */
export function confirmOptionChangeNotice(
  list: MailingList,
  { to, token, shown }: OptionChangeDetails,
): Notice {
  const listname = postingAddress(list);
  return {
    list,
    audience: userAudience(to),
    content: ({ say, config }) => {
      const byAddress = config.mta.verp_confirmations;
      const question = say('confirm_options', { listname, request_email: subAddress(list, 'request') });
      const otherwise = say('confirm_options_else', { owner_email: subAddress(list, 'owner') });
      const changes = shown.map((line) => `    ${oneLine(line)}`).join('\n');
      return {
        from: byAddress
          ? { address: confirmAddress(config, list, token), displayName: '' }
          : listSender(list, 'request'),
        subject: byAddress ? say('subject_confirm_options', { listname }) : `confirm ${token}`,
        body: {
          text: `${wrap(question)}\n\n${changes}\n\n    confirm ${token}${confirmByWeb(config, list, token, say)}\n\n${wrap(otherwise)}\n`,
        },
        headers: [['Auto-Submitted', 'auto-generated']],
        bulk: false,
      };
    },
  };
}
