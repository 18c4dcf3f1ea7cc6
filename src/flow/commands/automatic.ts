import {
  isAutoReply,
  isAutoSubmitted,
  isMarkedAsAutoReply,
  isReturnedMail,
} from '../../message/auto-reply.ts';
import { decodeHeader } from '../../message/encoded-words.ts';
import type { Message } from '../../message/message.ts';
import type { MessageMetadata } from '../../queue/queues.ts';

/**
 * Why a mail is no mail of a person, so that its commands are not carried out; undefined for others. A vacation notice
 * must not confirm anything, a bounce not be answered, and what comes over another list is not meant for this one
 * (RFC 3834 2). `X-Ack: yes` vouches for mail in bulk, as in Mailman. Where it would confirm something, what merely looks
 * like the answer of a robot is taken for one: nobody may become a member by being away.
 */
export function automaticReason(message: Message, metadata: MessageMetadata): string | undefined {
  const { headers, root } = message;
  const value = (name: string): string => (headers.get(name) ?? '').trim().toLowerCase();
  if (metadata.envelope_sender === '' || value('Return-Path') === '<>') return 'null sender';
  if (isAutoSubmitted(message)) return 'automatic message';
  const { type, subtype } = root.contentType;
  if (type === 'multipart' && subtype === 'report') return 'delivery report';
  if (isMarkedAsAutoReply(message)) return 'automatic message';
  if (isConfirmation(message, metadata)) {
    if (isAutoReply(message)) return 'automatic message';
    if (isReturnedMail(message)) return 'message of a mail server';
  }
  if (value('X-Ack') === 'yes') return undefined;
  if (['bulk', 'junk', 'list'].includes(value('Precedence'))) return `Precedence: ${value('Precedence')}`;
  if (headers.fields.some(({ name }) => name.toLowerCase().startsWith('list-'))) return 'message of a list';
  return undefined;
}

/** Whether a mail brings a token: by its address, or in the Subject that the mail it answers had. */
function isConfirmation({ headers }: Message, { subaddress }: MessageMetadata): boolean {
  return subaddress === 'confirm' || /[0-9a-f]{40}/i.test(decodeHeader(headers.get('Subject') ?? ''));
}
