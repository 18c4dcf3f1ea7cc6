import { formatAddresses, parseAddresses } from '../../message/addresses.ts';
import type { Headers } from '../../message/headers.ts';
import { headerAddress, type Mailbox } from '../../model/email-address.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import { listCharset } from '../list-charset.ts';
import { eachOnce, mailboxesIn, withDomain } from '../mailboxes.ts';
import type { Handler, Post } from '../post.ts';

/** What programs that look for Mailman expect; the version is that of the interfaces that Ferryman speaks. */
const MAILMAN_VERSION = '3.3.8';

export const cookHeaders: Handler = {
  name: 'cook-headers',
  description: 'Marks the message as coming through the list, and sets Reply-To as the list wants it.',
  process: async (post, { config }) => {
    const { list, message, metadata } = post;
    const { headers } = message;
    if (metadata.noack) headers.set('X-Ack', 'no');
    headers.append('X-BeenThere', headerAddress(postingAddress(list)));
    if (!headers.has('X-Mailman-Version')) headers.append('X-Mailman-Version', MAILMAN_VERSION);
    if (!headers.has('Precedence')) headers.append('Precedence', 'list');
    if (metadata.reduced_list_headers || metadata.isdigest || metadata.virgin) return;
    const charset = listCharset(config, list);
    mungeReplyTo(post, charset);
    if (personalizesFully(list)) addListToCc(headers, list, charset);
  },
};

/** The list as a mailbox with its description as name. */
function listMailbox(list: MailingList): Mailbox {
  return { address: postingAddress(list), displayName: list.settings.description };
}

function mungeReplyTo({ list, message: { headers } }: Post, charset: string): void {
  const { first_strip_reply_to, reply_goes_to_list, reply_to_address } = list.settings;
  const isSingle = headers.getAll('Reply-To').length <= 1;
  // RFC 5322 3.6 allows one; where there is one, it stays as it was signed.
  if (reply_goes_to_list === 'no_munging' && !first_strip_reply_to && isSingle) return;
  const explicit = reply_goes_to_list === 'explicit_header' || reply_goes_to_list === 'explicit_header_only';
  const original = first_strip_reply_to ? [] : withDomain(mailboxesIn(headers, 'Reply-To'));
  const collected = eachOnce([
    ...(explicit ? withDomain(parseAddresses(asBytes(reply_to_address))) : []),
    ...original,
    ...(reply_goes_to_list === 'point_to_list' ? [listMailbox(list)] : []),
  ]);
  headers.delete('Reply-To');
  if (collected.length > 0) headers.append('Reply-To', formatAddresses(collected, charset));
}

/** One character per byte, as text stands in a header. */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function personalizesFully({ settings }: MailingList): boolean {
  return (
    settings.personalize === 'full' &&
    settings.reply_goes_to_list !== 'point_to_list' &&
    !settings.anonymous_list
  );
}

/** `To` will name the single recipient; answers to all shall still reach the list. */
function addListToCc(headers: Headers, list: MailingList, charset: string): void {
  const isAnswerable = list.settings.reply_goes_to_list !== 'explicit_header_only';
  const mailboxes = eachOnce([...mailboxesIn(headers, 'Cc'), ...(isAnswerable ? [listMailbox(list)] : [])]);
  headers.delete('Cc');
  if (mailboxes.length > 0) headers.append('Cc', formatAddresses(mailboxes, charset));
}
