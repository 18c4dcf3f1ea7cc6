import type { Connection } from '../database/handle.ts';
import { memberForSender } from '../membership/sender-member.ts';
import { addressKey, type Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { offeredLanguage } from '../model/preferences.ts';

/** The language in which a list answers a sender: what the member prefers, else the list's. */
export async function senderLanguage(
  connection: Connection,
  list: MailingList,
  senders: readonly Mailbox[],
): Promise<string> {
  const [first] = senders;
  const member = first && (await memberForSender(connection, list.listId, addressKey(first.address)));
  const preferred = member?.preferences.preferred_language ?? list.settings.preferred_language;
  return offeredLanguage(preferred, list.settings);
}
