import { withoutListCopies } from '../../database/recipients.ts';
import { formatAddresses } from '../../message/addresses.ts';
import type { Message } from '../../message/message.ts';
import { addressKey } from '../../model/email-address.ts';
import { type MailingList, postingAddress, subAddress } from '../../model/mailing-list.ts';
import { listCharset } from '../list-charset.ts';
import { mailboxesIn } from '../mailboxes.ts';
import type { Handler } from '../post.ts';

export const avoidDuplicates: Handler = {
  name: 'avoid-duplicates',
  description: 'Leaves out members who get the message directly and do not want it twice.',
  process: async ({ list, message, metadata }, { config, connection }) => {
    const { recipients } = metadata;
    if (!recipients || recipients.length === 0) return;
    const addressed = addressedKeys(message, list);
    if (addressed.size === 0) return;
    const named = recipients.map(addressKey).filter((key) => addressed.has(key));
    if (named.length === 0) return;
    const unwanted = await withoutListCopies(connection, list.listId, named);
    const wanted = new Set(named.filter((key) => !unwanted.has(key)));
    metadata.recipients = recipients.filter((address) => !unwanted.has(addressKey(address)));
    if (wanted.size > 0)
      metadata.add_dup_header = recipients.filter((address) => wanted.has(addressKey(address)));
    if (list.settings.drop_cc) dropFromCc(message, unwanted, listCharset(config, list));
  },
};

/** Everybody beside the list whom the headers name. */
function addressedKeys({ headers }: Message, list: MailingList): Set<string> {
  const mailboxes = mailboxesIn(headers, 'To', 'Cc', 'Resent-To', 'Resent-Cc');
  const keys = new Set(mailboxes.map(({ address }) => addressKey(address)));
  const own = ['bounces', 'owner', 'request'].map((purpose) => subAddress(list, purpose));
  for (const address of [postingAddress(list), ...own]) keys.delete(addressKey(address));
  return keys;
}

/** Answers to all would reach them twice. Where nobody has to go the header stays as it was written. */
function dropFromCc({ headers }: Message, unwanted: ReadonlySet<string>, charset: string): void {
  const mailboxes = mailboxesIn(headers, 'Cc');
  const rest = mailboxes.filter(({ address }) => !unwanted.has(addressKey(address)));
  if (rest.length === mailboxes.length) return;
  if (rest.length === 0) headers.delete('Cc');
  else headers.set('Cc', formatAddresses(rest, charset));
}
