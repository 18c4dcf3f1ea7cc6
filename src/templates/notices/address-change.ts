import { type MailingList, postingAddress, subAddress } from '../../model/mailing-list.ts';
import type { Notice } from '../notice.ts';
import { confirmAddress, listSender } from '../senders.ts';
import { oneLine } from '../variables.ts';
import { confirmByWeb } from '../web-links.ts';
import { wrap } from '../wrap.ts';
import { type Recipient, userAudience } from './subscriptions.ts';

/** A change of address that the new address has to confirm. */
export interface AddressChangeDetails {
  /** The new address. */
  readonly to: Recipient;
  readonly token: string;
  readonly oldAddress: string;
  /** On all lists of the server. */
  readonly everywhere: boolean;
}

/** Asks a new address whether it takes the place of an old one. */
export function confirmAddressChangeNotice(
  list: MailingList,
  { to, token, oldAddress, everywhere }: AddressChangeDetails,
): Notice {
  const listname = postingAddress(list);
  return {
    list,
    audience: userAudience(to),
    content: ({ say, config }) => {
      const byAddress = config.mta.verp_confirmations;
      const question = say(everywhere ? 'confirm_change_everywhere' : 'confirm_change', {
        listname,
        new_address: oneLine(to.address),
        old_address: oneLine(oldAddress),
        request_email: subAddress(list, 'request'),
      });
      const otherwise = say('confirm_change_else', { owner_email: subAddress(list, 'owner') });
      return {
        from: byAddress
          ? { address: confirmAddress(config, list, token), displayName: '' }
          : listSender(list, 'request'),
        subject: byAddress ? say('subject_confirm_change', { listname }) : `confirm ${token}`,
        body: {
          text: `${wrap(question)}\n\n    confirm ${token}${confirmByWeb(config, list, token, say)}\n\n${wrap(otherwise)}\n`,
        },
        headers: [['Auto-Submitted', 'auto-generated']],
        bulk: false,
      };
    },
  };
}
