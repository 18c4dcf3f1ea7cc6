import { isAutoSubmitted } from '../message/auto-reply.ts';
import type { Message } from '../message/message.ts';
import { isListAddress } from '../model/list-addresses.ts';
import type { MailingList } from '../model/mailing-list.ts';

/**
 * Whether a message may be answered automatically: it must not come from a list, a robot or a mail server (RFC 3834 2).
 * Mailman 3 compares `Precedence` in lower case only and so answers bulk mail; this does not.
 */
export function mayBeAnswered(message: Message): boolean {
  const { headers } = message;
  const value = (name: string): string => (headers.get(name) ?? '').toLowerCase();
  const ack = value('X-Ack');
  if (ack === 'no' || headers.has('X-No-Ack')) return false;
  if (ack !== 'yes' && ['bulk', 'junk', 'list'].includes(value('Precedence'))) return false;
  if (headers.fields.some(({ name }) => name.toLowerCase().startsWith('list-'))) return false;
  if (isAutoSubmitted(message)) return false;
  return value('Return-Path') !== '<>';
}

/**
 * Whether a notice may go to the sender of a post: not to the list itself, whose name anybody can write into From, nor
 * where the post came without an envelope sender, as what a mail server returns (RFC 5321 4.5.5).
 * @param sender '' where there is none
 */
export function mayHearOfPost(list: MailingList, { headers }: Message, sender: string): boolean {
  return sender !== '' && !isListAddress(list, sender) && headers.get('X-MailFrom') !== '<>';
}
