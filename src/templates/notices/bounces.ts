import type { Message } from '../../message/message.ts';
import { addressKey } from '../../model/email-address.ts';
import { type MailingList, subAddress } from '../../model/mailing-list.ts';
import { fromTemplate, type Notice } from '../notice.ts';
import { listSender, probeAddress, siteOwner } from '../senders.ts';
import { emailInUrl } from '../variables.ts';
import { memberAudience, type Recipient, userAudience } from './subscriptions.ts';

/** A member whose mail bounced, and the bounce where there is one. */
interface BouncedMember {
  readonly email: string;
  readonly bounce?: Message;
}

/** Tells owners that mail to a member bounced once more. */
export function bounceScoreUp(list: MailingList, { email, bounce }: BouncedMember): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      subject: say('subject_bounce_score', { email: addressKey(email), display_name }),
      body: fromTemplate('list:admin:notice:increment', { member: email }),
      attachments: attached(bounce),
    }),
  };
}

/** Tells owners that a member gets no more mail, because too much of it bounced. */
export function memberDisabled(list: MailingList, { email, bounce }: BouncedMember): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      subject: say('subject_disabled_for_owners', { email: addressKey(email), display_name }),
      body: fromTemplate('list:admin:notice:disable', { member: email }),
      attachments: attached(bounce),
    }),
  };
}

/** Tells owners that a member was removed, because mail kept bouncing. */
export function memberRemoved(list: MailingList, { email, bounce }: BouncedMember): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      subject: say('subject_removed_for_bounces', { email: addressKey(email), display_name }),
      body: fromTemplate('list:admin:notice:removal', { member: email, mlist: display_name }),
      attachments: attached(bounce),
    }),
  };
}

/** Tells a member, now and then, that no more mail comes because too much of it bounced. */
export function disabledWarning(list: MailingList, to: Recipient): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: memberAudience(list, to),
    content: ({ say }) => ({
      from: listSender(list, 'bounces'),
      subject: say('subject_disabled', { display_name }),
      body: fromTemplate('list:user:notice:warning', {
        sender_email: addressKey(to.address),
        user_email_in_url: emailInUrl(to.address),
      }),
    }),
  };
}

/** Tries whether mail to a member still bounces: a bounce of this very mail comes back with its token. */
export function probe(
  list: MailingList,
  { to, token, bounce }: { readonly to: Recipient; readonly token: string; readonly bounce?: Message },
): Notice {
  const { display_name } = list.settings;
  const email = addressKey(to.address);
  return {
    list,
    audience: userAudience(to),
    content: ({ say, config }) => {
      const address = probeAddress(config, list, token);
      return {
        from: { address, displayName: '' },
        envelopeSender: address,
        subject: say('subject_probe', { display_name }),
        body: fromTemplate('list:user:notice:probe', {
          sender_email: email,
          address: email,
          email,
          owneraddr: subAddress(list, 'owner'),
        }),
        attachments: attached(bounce),
        bulk: false,
      };
    },
  };
}

/** Passes on a mail to -bounces in which no bounce could be found. */
export function unrecognizedBounce(
  list: MailingList,
  { original, audience }: { readonly original: Message; readonly audience: 'owners' | 'site-owner' },
): Notice {
  return {
    list,
    audience: { kind: audience },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      // Were it to bounce to the list, in words that nobody knows, it would come again, and larger each time.
      envelopeSender: config.mailman.site_owner,
      subject: say('subject_unrecognized_bounce'),
      body: fromTemplate('list:admin:notice:unrecognized', {}),
      attachments: [original],
    }),
  };
}

function attached(bounce: Message | undefined): readonly Message[] {
  return bounce ? [bounce] : [];
}
