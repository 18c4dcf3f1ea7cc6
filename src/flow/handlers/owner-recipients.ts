import { administrators } from '../../database/recipients.ts';
import type { Handler } from '../post.ts';

export const ownerRecipients: Handler = {
  name: 'owner-recipients',
  description:
    'Sends mail for the owners to owners and moderators, and to the site owner where there are none.',
  process: async ({ list, message, metadata }, { config, connection }) => {
    if (metadata.recipients) return;
    const recipients = await administrators(connection, list.listId);
    metadata.recipients = recipients.length > 0 ? recipients : [config.mailman.site_owner];
    for (const name of ['Bcc', 'Resent-Bcc']) message.headers.delete(name);
    metadata.nodecorate = true;
    metadata.verp = true;
  },
};
