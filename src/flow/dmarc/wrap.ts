import { encodingAround, messagePart, multipart, textPart } from '../../message/compose.ts';
import { splitHeaders } from '../../message/header-section.ts';
import { Headers } from '../../message/headers.ts';
import { Message } from '../../message/message.ts';
import { Part } from '../../message/part.ts';
import { replaceContent } from '../../message/reshape.ts';

/** What of a post stays outside when it is wrapped, as Mailman has it. */
const OUTSIDE =
  /^(?:archived-at|cc$|content-|date|in-reply-to|list-|precedence|references|reply-to$|subject|to|x-beenthere$|x-mailman-)/i;

const INLINE = [['Content-Disposition', 'inline']] as const;

export interface Wrapping {
  /** The header section of the post as its author wrote it; where it is not known, the present one. */
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
  const { root, headers } = message;
  const fields =
    authored === undefined ? headers.fields : splitHeaders(Buffer.from(authored, 'latin1')).headers;
  const original = new Message(new Part(new Headers(fields, headers.lineEnd), root.body));
  const inside = messagePart(original, INLINE);
  const content =
    text.trim() === ''
      ? inside
      : multipart('mixed', [textPart(text, charset, INLINE), inside], encodingAround([inside]));
  headers.deleteWhere(({ name }) => !OUTSIDE.test(name));
  headers.append('MIME-Version', '1.0');
  headers.append('Message-ID', messageId);
  replaceContent(root, content);
}
