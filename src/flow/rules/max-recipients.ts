import { mailboxesIn } from '../mailboxes.ts';
import type { Rule } from '../post.ts';

export const maxRecipients: Rule = {
  name: 'max-recipients',
  description: 'The message is addressed to as many as the list allows, or more.',
  record: true,
  check: async ({ list, message: { headers } }) => {
    const limit = list.settings.max_num_recipients;
    if (limit === 0) return null;
    const recipients = mailboxesIn(headers, 'To', 'Cc');
    return recipients.length >= limit ? [`Message has more than ${limit} recipients`] : null;
  },
};
