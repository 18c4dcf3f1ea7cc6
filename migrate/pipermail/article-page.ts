import { bareMessageId } from './bare-message-id.ts';

/** How much of a page has to be read for what is looked for: its head, with a subject of any sane length. */
export const PAGE_HEAD = 16_384;

/** What the reply link of the page refers to; the oldest versions quote only part of it. */
const REPLY_TO = /HREF="mailto:[^"]{0,8000}?In-Reply-To=([^"]{1,4000})"/i;

/**
 * The Message-ID of an article page of pipermail, without angle brackets, one character per byte. Undefined where the
 * page names none.
 * @param head the first `PAGE_HEAD` bytes of the page
 */
export function messageIdOfPage(head: Buffer): string | undefined {
  const quoted = REPLY_TO.exec(head.toString('latin1'))?.[1];
  if (quoted === undefined) return undefined;
  const text = unescapeHtml(unquote(quoted));
  return bareMessageId(text);
}

/** The bytes that `%XX` stands for, one character each. */
function unquote(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
