import { composeMessage, textPart } from '../message/compose.ts';
import type { Message } from '../message/message.ts';
import { displayWidth } from '../templates/width.ts';
import { plainHeaders } from './plain-headers.ts';
import { plainText } from './plain-text.ts';
import { type Digest, digestFields, trimBlankLines } from './prepare.ts';

/** RFC 1153: stands between the preamble and the first post. */
const AFTER_PREAMBLE = '-'.repeat(70);
/** RFC 1153: stands between posts. */
const BETWEEN_POSTS = '-'.repeat(30);

/** A digest in one plain text (RFC 1153), in the charset of the list if that has all characters, else in UTF-8. */
export function plainDigest(digest: Digest): Message {
  const { say, charset, subject, masthead, header, footer, topics, posts } = digest;
  const preamble = [masthead, header, topics, AFTER_PREAMBLE].filter((text) => text !== '').join('\n\n');
  const end = say('digest_end', { subject });
  const enclosed = [
    ...posts.map((post, index) => enclosedPost(post, index + 1, digest)),
    ...(footer === '' ? [] : [`Subject: ${say('digest_footer')}\n\n${footer}`]),
    `${end}\n${'*'.repeat(displayWidth(end))}\n`,
  ];
  const text = `${preamble}\n\n${enclosed.join(`\n\n${BETWEEN_POSTS}\n\n`)}`;
  return composeMessage(digestFields(digest), textPart(text, charset));
}

function enclosedPost(post: Message, number: number, { config, say, likely }: Digest): string {
  const names = config.digests.plain_digest_keep_headers;
  const headers = plainHeaders(post, number, names, likely);
  const text = withoutSeparators(trimBlankLines(plainText(post.root, say, likely)));
  return [headers.join('\n'), text].filter((piece) => piece !== '').join('\n\n');
}

/** A line that separates posts must not stand inside of one: it could bring in a forged post (RFC 1153). */
function withoutSeparators(text: string): string {
  return text.replace(/^-(?=-{29}[ \t]*$)/gm, ' ');
}
