import type { MessageKey } from '../../language/index.ts';
import { addressKey, formatMailbox, type Mailbox } from '../../model/email-address.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import { fromTemplate, type Notice, type NoticeContext } from '../notice.ts';
import { confirmAddress, listSender, siteOwner } from '../senders.ts';
import { confirmationVariables, oneLine, subscriberVariables } from '../variables.ts';
import { confirmByWeb } from '../web-links.ts';

/** Somebody to write to, and the language to do it in; default the list's. */
export interface Recipient extends Mailbox {
  readonly language?: string;
}

type Confirmation = { readonly to: Recipient; readonly token: string };

/** Asks whether somebody wants to join. */
export function confirmJoin(list: MailingList, details: Confirmation): Notice {
  return confirmation(list, details, 'list:user:action:subscribe', 'subject_confirm_join');
}

/** Asks whether somebody wants to leave. */
export function confirmLeave(list: MailingList, details: Confirmation): Notice {
  return confirmation(list, details, 'list:user:action:unsubscribe', 'subject_confirm_leave');
}

/** Invites somebody to join. */
export function invitation(list: MailingList, details: Confirmation): Notice {
  return confirmation(list, details, 'list:user:action:invite', 'subject_invitation');
}

/** Tells moderators that somebody who wants to join waits for them. */
export function joinWaits(list: MailingList, who: Mailbox): Notice {
  return {
    list,
    audience: { kind: 'owner-address' },
    content: ({ say }) => ({
      from: listSender(list, 'owner'),
      subject: say('subject_join_waits', named(list, who)),
      body: fromTemplate('list:admin:action:subscribe', { member: shown(who) }),
    }),
  };
}

/** Tells moderators that somebody who wants to leave waits for them. */
export function leaveWaits(list: MailingList, who: Mailbox): Notice {
  return {
    list,
    audience: { kind: 'owner-address' },
    content: ({ say }) => ({
      from: listSender(list, 'owner'),
      subject: say('subject_leave_waits', named(list, who)),
      body: fromTemplate('list:admin:action:unsubscribe', { member: shown(who) }),
    }),
  };
}

/** Greets a new member. */
export function welcome(
  list: MailingList,
  { to, digest }: { readonly to: Recipient; readonly digest: boolean },
): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: memberAudience(list, to),
    content: ({ say }) => ({
      from: listSender(list, 'request'),
      subject: say(digest ? 'subject_welcome_digest' : 'subject_welcome', { display_name }),
      body: fromTemplate('list:user:notice:welcome', subscriberVariables(list, to)),
      headers: [['X-No-Archive', 'yes']],
    }),
  };
}

/** Says goodbye to somebody who left; empty unless somebody wrote a text for it. */
export function goodbye(list: MailingList, to: Recipient): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: memberAudience(list, to),
    content: ({ say }) => ({
      from: listSender(list, 'bounces'),
      subject: say('subject_goodbye', { display_name }),
      body: fromTemplate('list:user:notice:goodbye', subscriberVariables(list, to)),
    }),
  };
}

/** Tells owners that somebody joined. */
export function memberJoined(list: MailingList, who: Mailbox): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      subject: say('subject_member_joined', { display_name }),
      body: fromTemplate('list:admin:notice:subscribe', { member: shown(who) }),
    }),
  };
}

/** Tells owners that somebody left. */
export function memberLeft(list: MailingList, who: Mailbox): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      subject: say('subject_member_left', { display_name }),
      body: fromTemplate('list:admin:notice:unsubscribe', { member: shown(who) }),
    }),
  };
}

/**
 * A mail that a token answers. With `[mta] verp_confirmations` a plain reply reaches the address with the token; else
 * the token stands in the Subject and the reply goes to -request.
 */
function confirmation(
  list: MailingList,
  { to, token }: Confirmation,
  template: 'list:user:action:subscribe' | 'list:user:action:unsubscribe' | 'list:user:action:invite',
  subjectKey: MessageKey & ('subject_confirm_join' | 'subject_confirm_leave' | 'subject_invitation'),
): Notice {
  const content = ({ say, config }: NoticeContext) => {
    const address = confirmAddress(config, list, token);
    const byAddress = config.mta.verp_confirmations;
    const subject = byAddress ? say(subjectKey, { listname: postingAddress(list) }) : `confirm ${token}`;
    return {
      from: byAddress ? { address, displayName: '' } : listSender(list, 'request'),
      subject,
      body: fromTemplate(
        template,
        confirmationVariables(list, {
          ...{ token, address: to.address, confirm: address, subject },
          web: confirmByWeb(config, list, token, say),
        }),
      ),
      headers: [['Auto-Submitted', 'auto-generated']] as const,
      bulk: false,
    };
  };
  return { list, audience: memberAudience(list, to), content };
}

/**
 * A member as the audience. The members of an umbrella list are lists: what is meant for the person behind one goes to
 * its owner, as in Mailman 2.1.
 */
export function memberAudience({ settings }: MailingList, to: Recipient): Notice['audience'] {
  const at = to.address.lastIndexOf('@');
  if (!settings.umbrella_list || at < 0) return userAudience(to);
  const address = to.address.slice(0, at) + settings.umbrella_member_suffix + to.address.slice(at);
  return userAudience({ ...to, address });
}

/** One person as the audience. */
export function userAudience({ address, displayName, language }: Recipient): Notice['audience'] {
  const to = { address, displayName: oneLine(displayName) };
  return { kind: 'user', to, ...(language === undefined ? {} : { language }) };
}

/** Somebody as named in a notice to owners: `Name <address>` on one line. */
export function shown({ address, displayName }: Mailbox): string {
  return formatMailbox({ address: oneLine(address), displayName: oneLine(displayName) });
}

function named(list: MailingList, { address }: Mailbox): { display_name: string; email: string } {
  return { display_name: list.settings.display_name, email: addressKey(oneLine(address)) };
}
