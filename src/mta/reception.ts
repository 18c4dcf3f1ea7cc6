import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { MAX_FIELDS } from '../message/header-section.ts';
import { normalizeLineEnds } from '../message/line-ends.ts';
import { Message } from '../message/message.ts';
import { messageIdHash } from '../message/message-id-hash.ts';
import { epochFromUtc, type UtcTime } from '../model/time.ts';

/** Further fields are left out: with those that are still to come, a message must not have more than are told apart. */
const MOST_FIELDS = MAX_FIELDS - 500;

const LF = 0x0a;
const CRLF = Buffer.from('\r\n');

/**
 * A message as it is stored when it arrives: every line ends with CRLF, no field is without a name (a mailbox's `From `
 * line, the continuation of nothing), and it has a Message-ID with its hash (replacing any that it came with) and the envelope sender.
 * @param bytes as the mail server sent it
 * @param sender RFC 5321 envelope sender, '' for the null sender; undefined where it came without an envelope
 */
export function receivedMessage(bytes: Buffer, sender: string | undefined): Buffer {
  const message = Message.parse(withFinalLineEnd(normalizeLineEnds(bytes)));
  const { headers } = message;
  // What continues no field would continue the one that is put in front of it, such as our Authentication-Results.
  headers.deleteWhere(({ name }) => name === '');
  if (headers.fields.length > MOST_FIELDS) {
    const kept = new Set(headers.fields.slice(0, MOST_FIELDS));
    headers.deleteWhere((field) => !kept.has(field));
  }
  const given = headers.get('Message-ID');
  const messageId = given === undefined || given === '' ? newMessageId() : given;
  if (messageId !== given) headers.set('Message-ID', messageId);
  const hash = messageIdHash(messageId);
  for (const name of ['Message-ID-Hash', 'X-Message-ID-Hash']) {
    headers.delete(name);
    headers.append(name, hash);
  }
  if (sender !== undefined) {
    headers.delete('X-MailFrom');
    // Raw UTF-8 where the address is international (RFC 6532), one character per byte.
    headers.append('X-MailFrom', sender === '' ? '<>' : Buffer.from(sender, 'utf8').toString('latin1'));
  }
  return message.toBuffer();
}

/** A message that was put into a queue by hand: as one that arrives, with a Date where it has none. */
export function injectedMessage(bytes: Buffer, now: UtcTime): Buffer {
  const message = Message.parse(receivedMessage(bytes, undefined));
  if (!message.headers.has('Date')) {
    const date = new Date(epochFromUtc(now) * 1000).toUTCString();
    message.headers.append('Date', date.replace('GMT', '+0000'));
  }
  return message.toBuffer();
}

function newMessageId(): string {
  return `<${Date.now().toString(36)}.${randomBytes(10).toString('hex')}@${hostname()}>`;
}

function withFinalLineEnd(bytes: Buffer): Buffer {
  return bytes.length === 0 || bytes[bytes.length - 1] === LF ? bytes : Buffer.concat([bytes, CRLF]);
}
