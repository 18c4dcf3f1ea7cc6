import { parseAddresses } from '../message/addresses.ts';
import { decodeHeader } from '../message/encoded-words.ts';
import { Message } from '../message/message.ts';
import { messageIdHash } from '../message/message-id-hash.ts';
import type { Mailbox } from '../model/email-address.ts';
import type { ReadAttachment } from './message-attachments.ts';
import { type MessageParts, readParts } from './message-content.ts';
import { dateOf, type MessageDate } from './message-date.ts';
import { messageIdOf, referencesOf } from './message-references.ts';

export type { ReadAttachment };

/** A message as people read it. Nothing in here is safe to be put into a page as it stands. */
export interface ReadMessage extends MessageParts {
  /** For what is not listed here. */
  readonly message: Message;
  /** Without angle brackets, one character per byte; undefined where there is none. */
  readonly messageId: string | undefined;
  readonly hash: string | undefined;
  /** Message-IDs of what it answers, without brackets, the nearest first. */
  readonly references: readonly string[];
  readonly sender: Mailbox;
  readonly recipients: readonly Mailbox[];
  readonly copies: readonly Mailbox[];
  readonly subject: string;
  readonly date: MessageDate;
}

export interface ReadOptions {
  /** Charsets to try where one is missing, unknown or wrong, after UTF-8 (see `likelyCharsets`). */
  readonly charsets?: readonly string[];
  /** The line of an mbox that stood before it, for its date. */
  readonly separator?: Buffer;
  /** Epoch milliseconds: no message can be much younger than this. The present moment otherwise. */
  readonly now?: number;
}

const MAX_SUBJECT = 2000;
const MAX_NAME = 300;
const MAX_ADDRESS = 320;
const MAX_RECIPIENTS = 200;

/**
 * Reads a message as well as it can be read; never throws.
 * @param raw the message without mbox separator
 */
export function readMessage(raw: Uint8Array, options: ReadOptions = {}): ReadMessage {
  const message = Message.parse(raw);
  const { headers } = message;
  const decoding = { fallbacks: options.charsets ?? [] };
  const messageId = messageIdOf(headers);
  const mailboxes = (name: string): Mailbox[] =>
    headers
      .getAll(name)
      .slice(0, 10)
      .flatMap((value) => parseAddresses(value, decoding))
      .slice(0, MAX_RECIPIENTS)
      .map(shortened);
  const parts = readParts(message.root, options.charsets ?? []);
  return {
    message,
    messageId,
    hash: messageId === undefined ? undefined : messageIdHash(messageId),
    references: referencesOf(headers, messageId),
    sender: mailboxes('From')[0] ?? mailboxes('Sender')[0] ?? unaddressed(headers.get('From'), decoding),
    recipients: mailboxes('To'),
    copies: mailboxes('Cc'),
    subject: oneLine(
      decodeHeader((headers.get('Subject') ?? '').slice(0, 10 * MAX_SUBJECT), decoding),
      MAX_SUBJECT,
    ),
    date: dateOf(headers, options.separator, options.now ?? Date.now()),
    ...parts,
    text: options.separator?.length ? unescaped(parts.text) : parts.text,
  };
}

/** Whoever writes an mbox puts a `>` before lines that look like a separator; Mailman 2.1 does it once. */
function unescaped(text: string): string {
  return text.replace(/^>From /gm, 'From ');
}

function shortened({ address, displayName }: Mailbox): Mailbox {
  return { address: oneLine(address, MAX_ADDRESS), displayName: oneLine(displayName, MAX_NAME) };
}

/** A From field without an address still says who it was. */
function unaddressed(
  value: string | undefined,
  decoding: { readonly fallbacks: readonly string[] },
): Mailbox {
  const displayName = oneLine(decodeHeader((value ?? '').slice(0, 10 * MAX_NAME), decoding), MAX_NAME);
  return { address: '', displayName };
}

function oneLine(text: string, limit: number): string {
  const short = text.length > limit ? text.slice(0, limit) : text;
  return short
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}
