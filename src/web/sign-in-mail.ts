import { findUser } from '../database/users.ts';
import { languageChain } from '../language/index.ts';
import { formatAddress } from '../message/addresses.ts';
import { composeMessage, formatDate, textPart } from '../message/compose.ts';
import { encodeHeader } from '../message/encoded-words.ts';
import type { Message } from '../message/message.ts';
import { newMessageId } from '../message/message-id.ts';
import type { Address } from '../model/address.ts';
import type { Step } from '../queue/step.ts';
import { siteOwner } from '../templates/senders.ts';
import { speakerFor } from './texts/index.ts';
import { Urls } from './urls.ts';

/** The mail with a link to sign in, in the language of its reader; nobody answers it automatically (RFC 3834). */
export async function signInMail(
  { config, clock, connection }: Step,
  address: Address,
  token: string,
): Promise<{ readonly message: Message; readonly sender: string }> {
  const user = address.userId ? await findUser(connection, address.userId) : undefined;
  const wanted = address.preferences.preferred_language ?? user?.preferences.preferred_language ?? '';
  const say = await speakerFor(languageChain(config, wanted));
  const urls = new Urls(config);
  const host = new URL(urls.origin).host;
  const from = siteOwner(config);
  const text = say('sign_in_mail_body', { host, url: urls.absolute(`/accounts/link/${token}/`) });
  const message = composeMessage(
    [
      ['Subject', encodeHeader(say('sign_in_mail_subject', { host }), 'utf-8')],
      ['From', formatAddress(from)],
      ['To', formatAddress({ address: address.originalEmail, displayName: address.displayName })],
      ['Message-ID', newMessageId(from.address.slice(from.address.lastIndexOf('@') + 1))],
      ['Date', formatDate(clock.now())],
      ['Auto-Submitted', 'auto-generated'],
    ],
    textPart(text, 'utf-8'),
  );
  return { message, sender: from.address };
}
