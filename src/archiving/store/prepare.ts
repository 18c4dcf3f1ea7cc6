import { createHash } from 'node:crypto';
import { stripSubject } from '../../flow/subject.ts';
import { messageIdHash } from '../../message/message-id-hash.ts';
import { type ReadMessage, readMessage } from '../read-message.ts';
import { compress } from './compress.ts';
import type { Dictionary, ListTraits, PreparedMessage, SourceMessage } from './incoming.ts';
import { indexWords } from './search/tokens.ts';

/** Octets that tell contents of the same Message-ID apart. */
const DIGEST_LENGTH = 8;
const MAX_SUBJECT = 500;

/**
 * Takes a message apart and compresses it: all that can be done without the database.
 * @param dictionary the list's, where it has one
 * @param now epoch milliseconds: messages that claim to be from the future are not believed
 */
export function prepareMessage(
  source: SourceMessage,
  traits: ListTraits,
  dictionary: Dictionary | undefined,
  now: number = Date.now(),
): PreparedMessage {
  const { bytes, separator, tail } = source;
  const raw = bytes.subarray(separator, bytes.length - tail);
  const read = readMessage(raw, {
    charsets: traits.charsets,
    separator: bytes.subarray(0, separator),
    now,
  });
  const sha = createHash('sha1').update(bytes).digest();
  const messageId = read.messageId ?? `${sha.toString('hex')}@missing.invalid`;
  const { text: plainSubject, isReply } = stripSubject(read.subject, traits.subjectPrefix);
  return {
    content: compress(bytes, dictionary),
    dictionary: dictionary?.id,
    length: bytes.length,
    separator,
    tail,
    digest: sha.subarray(0, DIGEST_LENGTH),
    ...(source.source ? { source: source.source } : {}),
    ...(source.number === undefined ? {} : { number: source.number }),
    ...(source.oldPath === undefined ? {} : { oldPath: source.oldPath }),
    ...(source.alias === undefined ? {} : { alias: source.alias }),
    messageId,
    hash: messageIdHash(messageId),
    references: read.references.map(messageIdHash),
    senderName: read.sender.displayName,
    senderAddress: read.sender.address,
    subject: read.subject.slice(0, MAX_SUBJECT).toWellFormed(),
    plainSubject: plainSubject.slice(0, MAX_SUBJECT).toWellFormed(),
    isReply,
    date: read.date.time ?? source.otherDate?.date,
    dateSource: read.date.time === undefined ? (source.otherDate?.source ?? 'neighbour') : read.date.source,
    attachments: read.attachments.map(({ part, name, type, size }) => ({ part, name, type, size })),
    words: wordsOf(read, plainSubject),
  };
}

function wordsOf(read: ReadMessage, plainSubject: string) {
  const { address, displayName } = read.sender;
  return {
    subject: indexWords(plainSubject),
    sender: indexWords(`${displayName} ${address}`),
    body: indexWords(read.attachedText === '' ? read.text : `${read.text}\n${read.attachedText}`),
    files: indexWords(read.attachments.map(({ name }) => name).join('\n')),
  };
}
