import { sayInEnglish } from '../../language/index.ts';
import { matchesAddressList } from '../../membership/address-lists.ts';
import type { Headers } from '../../message/headers.ts';
import { addressKey } from '../../model/email-address.ts';
import { type MailingList, subAddress } from '../../model/mailing-list.ts';
import type { Step } from '../../queue/step.ts';
import { dmarcPolicy } from '../dmarc/policy.ts';
import { mailboxesIn, withDomain } from '../mailboxes.ts';
import type { Rule } from '../post.ts';

/** Authors whose domains are asked about: whoever writes a mail decides how many there are. */
const MAX_AUTHORS = 5;

/** Mailman 2.1 treats quarantine and none according to settings of their own; Mailman 3 acts on quarantine and reject. */
export const dmarcMitigation: Rule = {
  name: 'dmarc-mitigation',
  description: "The author's domain asks receivers to reject or quarantine what a list has changed.",
  record: true,
  check: async ({ list, message, metadata }, step) => {
    const { settings } = list;
    const action = settings.dmarc_mitigate_action;
    if (action === 'no_mitigation') return null;
    if (!(await isProtected(list, message.headers, step))) return null;
    if (action !== 'reject' && action !== 'discard') {
      metadata.dmarc = true;
      return null;
    }
    metadata.dmarc_action = action;
    if (action === 'discard') return ['DMARC moderation'];
    if (settings.dmarc_moderation_notice.trim() !== '')
      metadata.rejection_notice = settings.dmarc_moderation_notice;
    return [sayInEnglish('reason_dmarc_rejection', { owner_email: subAddress(list, 'owner') })];
  },
};

/** Whether an author's domain wants it; of several authors (RFC 5322 3.6.2) the strictest domain decides (RFC 7489 6.6.1). */
async function isProtected(list: MailingList, headers: Headers, step: Step): Promise<boolean> {
  const { dmarc_addresses, dmarc_none_moderation_action, dmarc_quarantine_moderation_action } = list.settings;
  for (const { address } of withDomain(mailboxesIn(headers, 'From')).slice(0, MAX_AUTHORS)) {
    const key = addressKey(address);
    const isNamed = await matchesAddressList(step.connection, list, dmarc_addresses, key);
    const policy = isNamed ? 'reject' : await dmarcPolicy(step, key.slice(key.lastIndexOf('@') + 1));
    if (
      policy === 'reject' ||
      (policy === 'quarantine' && dmarc_quarantine_moderation_action) ||
      (policy === 'none' && dmarc_quarantine_moderation_action && dmarc_none_moderation_action)
    )
      return true;
  }
  return false;
}
