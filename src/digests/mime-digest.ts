import { isAscii } from 'node:buffer';
import { sayInEnglish } from '../language/index.ts';
import { composeMessage, encodingAround, messagePart, multipart, textPart } from '../message/compose.ts';
import { encodeHeader } from '../message/encoded-words.ts';
import { Headers } from '../message/headers.ts';
import { Message } from '../message/message.ts';
import { Part } from '../message/part.ts';
import { type Digest, digestFields } from './prepare.ts';

/** Without these nobody could read the post, whatever the configuration says. */
const NEEDED_HEADERS = ['Content-Type', 'Content-Disposition', 'Content-Transfer-Encoding', 'MIME-Version'];

/**
 * A digest whose posts stay mails of their own (RFC 2046 5.1.5), with the headers of `[digests]
 * mime_digest_keep_headers` as they came and their number in `Message`.
 */
export function mimeDigest(digest: Digest): Message {
  const { say, config, charset, subject, masthead, header, footer, topics, posts } = digest;
  const text = (content: string, description: string): Part =>
    textPart(`${content}\n`, charset, [['Content-Description', encodeHeader(description, charset)]]);
  const kept = new Set(
    [...config.digests.mime_digest_keep_headers, ...NEEDED_HEADERS].map((name) => name.toLowerCase()),
  );
  const parts = posts.map((post, index) => messagePart(numberedPost(post, index + 1, kept)));
  const encoding = encodingAround(parts);
  const content = multipart(
    'mixed',
    [
      text(masthead, subject),
      ...(header === '' ? [] : [text(header, say('digest_header'))]),
      text(topics, say('digest_topics_count', { count: posts.length })),
      multipart('digest', parts, encoding),
      ...(footer === '' ? [] : [text(footer, say('digest_footer'))]),
    ],
    encoding,
    ending(digest),
  );
  return composeMessage(digestFields(digest), content);
}

function numberedPost({ headers, root }: Message, number: number, kept: ReadonlySet<string>): Message {
  const fields = headers.fields.filter(({ name }) => {
    const key = name.toLowerCase();
    return kept.has(key) && key !== 'message';
  });
  const numbered = new Headers(fields);
  numbered.append('Message', String(number));
  return new Message(new Part(numbered, root.body));
}

/** Behind the last boundary there is no charset: what is not ASCII is said in English, or not at all. */
function ending({ say, subject }: Digest): string {
  const lines = [say('digest_end', { subject }), sayInEnglish('digest_end', { subject })];
  const line = lines.find((candidate) => isAscii(Buffer.from(candidate)));
  return line === undefined ? '' : `${line}\r\n`;
}
