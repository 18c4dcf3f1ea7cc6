import { sayInEnglish } from '../../language/index.ts';
import { matchesAddressList } from '../../membership/address-lists.ts';
import { addressKey } from '../../model/email-address.ts';
import { subAddress } from '../../model/mailing-list.ts';
import { dmarcPolicy } from '../dmarc/policy.ts';
import { mailboxesIn } from '../mailboxes.ts';
import type { Rule } from '../post.ts';

/** Mailman 2.1 treats quarantine and none according to settings of their own; Mailman 3 acts on quarantine and reject. */
export const dmarcMitigation: Rule = {
  name: 'dmarc-mitigation',
  description: "The author's domain asks receivers to reject or quarantine what a list has changed.",
  record: true,
  check: async ({ list, message, metadata }, step) => {
    const { settings } = list;
    const action = settings.dmarc_mitigate_action;
    if (action === 'no_mitigation') return null;
    const author = mailboxesIn(message.headers, 'From')[0];
    if (!author) return null;
    const key = addressKey(author.address);
    const isNamed = await matchesAddressList(step.connection, list, settings.dmarc_addresses, key);
    const policy = isNamed ? 'reject' : await dmarcPolicy(step, key.slice(key.lastIndexOf('@') + 1));
    const applies =
      policy === 'reject' ||
      (policy === 'quarantine' && settings.dmarc_quarantine_moderation_action) ||
      (policy === 'none' &&
        settings.dmarc_quarantine_moderation_action &&
        settings.dmarc_none_moderation_action);
    if (!applies) return null;
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
