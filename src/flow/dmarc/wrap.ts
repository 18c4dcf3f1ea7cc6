import { randomBytes } from 'node:crypto';
import { splitHeaders } from '../../message/header-section.ts';
import { Headers } from '../../message/headers.ts';
import type { Message } from '../../message/message.ts';
import { textPart } from '../decoration/text-part.ts';

/** What of a post stays outside when it is wrapped; Mailman keeps the same. */
const OUTSIDE =
  /^(?:archived-at|cc$|date|in-reply-to|list-|precedence|references|reply-to$|subject|to|x-beenthere$|x-mailman-|message-id-hash$)/i;

export interface Wrapping {
  /** The header section of the post as its author wrote it; where it is not known, as it is now. */
  readonly authored: string | undefined;
  /** Stands before the post, if there is something. */
  readonly text: string;
  /** The list's, for the text. */
  readonly charset: string;
  /** Of the wrapper. */
  readonly messageId: string;
}

/**
 * Puts a post into another one as message/rfc822, so that it arrives as its author wrote it, with its signatures. From
 * has to be set afterwards.
 */
export function wrapMessage(message: Message, { authored, text, charset, messageId }: Wrapping): void {
  const { headers } = message;
  const { lineEnd } = headers;
  const section =
    authored === undefined
      ? headers
      : new Headers(splitHeaders(Buffer.from(authored, 'latin1')).headers, lineEnd);
  const original = Buffer.concat([section.toBuffer(), Buffer.from(lineEnd), message.root.body]);
  headers.deleteWhere(({ name }) => !OUTSIDE.test(name));
  headers.append('MIME-Version', '1.0');
  headers.append('Message-ID', messageId);
  if (text.trim() === '') {
    headers.append('Content-Type', 'message/rfc822');
    headers.append('Content-Disposition', 'inline');
    message.root.body = original;
    return;
  }
  const boundary = `===============${randomBytes(12).toString('hex')}==`;
  headers.append('Content-Type', `multipart/mixed; boundary="${boundary}"`);
  message.root.body = Buffer.concat([
    Buffer.from(`--${boundary}${lineEnd}`),
    textPart(text, charset, lineEnd),
    Buffer.from(
      `${lineEnd}--${boundary}${lineEnd}Content-Type: message/rfc822${lineEnd}MIME-Version: 1.0${lineEnd}Content-Disposition: inline${lineEnd}${lineEnd}`,
    ),
    original,
    Buffer.from(`${lineEnd}--${boundary}--${lineEnd}`),
  ]);
}
