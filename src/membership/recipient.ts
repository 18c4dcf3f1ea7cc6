import type { Connection } from '../database/handle.ts';
import { findUser } from '../database/users.ts';
import type { Address } from '../model/address.ts';
import type { Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { offeredLanguage } from '../model/preferences.ts';
import type { Recipient } from '../templates/notices/subscriptions.ts';

/** Somebody to write to: under the name given, else the address's own, in the language that the person prefers. */
export async function recipientOf(
  connection: Connection,
  list: MailingList,
  mailbox: Mailbox,
  address: Address | undefined,
): Promise<Recipient> {
  const user = address?.userId ? await findUser(connection, address.userId) : undefined;
  const preferred = address?.preferences.preferred_language ?? user?.preferences.preferred_language;
  return {
    address: mailbox.address,
    displayName: mailbox.displayName || address?.displayName || (user?.displayName ?? ''),
    ...(preferred ? { language: offeredLanguage(preferred, list.settings) } : {}),
  };
}
