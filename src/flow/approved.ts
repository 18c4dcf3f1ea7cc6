import { resolveReferences } from '../message/html-references.ts';
import type { Message } from '../message/message.ts';
import type { Part } from '../message/part.ts';
import { beginningOf, partBytes, partText, setPartText, walk } from '../message/text.ts';
import { encodeTransfer, transferEncodingOf } from '../message/transfer-encoding.ts';

const APPROVED_LINE = /^(?:x-)?approved?\s*[:：]\s*(\S.{0,400})$/i;

/** The same where a reply has it: further below, quoted, or without a password. */
const APPROVED_IN_REPLY = /^[>|\s]*(?:x-)?approved?\s*[:：]\s*(.{0,400})$/i;

/** What HTML may have for a blank. */
const HTML_BLANKS = /&(?:nbsp|#160|#xa0);/gi;

const TAG = /<[^<>]{0,1000}>/g;

/** Octets of a text in which its first line is looked for. */
const BEGINNING = 65_536;

/** A text with more octets is changed as bytes: as a string, or several, it would take many times its size. */
const LARGE = 1_000_000;

/**
 * Takes the `Approved: PASSWORD` line out of a message: the first line with text in its first text/plain part. The
 * same line vanishes from every other text part (mailers repeat it as HTML), so that the password never reaches the list.
 * @returns the password; undefined where there is no such line, and nothing is changed
 */
export function removeApprovedLine(message: Message): string | undefined {
  const parts = [...walk(message)].filter((part) => part.contentType.type === 'text');
  const plain = parts.find((part) => part.contentType.subtype === 'plain');
  if (!plain) return undefined;
  const lines = partText(beginningOf(plain, BEGINNING)).split('\n');
  const index = lines.findIndex((line) => line.trim() !== '');
  const password = APPROVED_LINE.exec(lines[index]?.trim() ?? '')?.[1];
  if (password === undefined) return undefined;
  removeLine(plain, index);
  const pattern = passwordPattern(password);
  for (const part of parts) {
    if (part === plain || (part.body.length > LARGE && !partBytes(part).includes(password))) continue;
    const text = partText(part);
    const without = text.replace(pattern, (found) => (found.match(TAG) ?? []).join(''));
    if (without !== text) setPartText(part, without);
  }
  return password;
}

/**
 * The password that a reply gives anywhere in its first text, whether plain or HTML; '' where the line has none. A moderator
 * who has tried to give one does not want the post thrown away.
 */
export function approvedInReply(message: Message): string | undefined {
  const [first] = [...walk(message)].filter((part) => part.contentType.type === 'text');
  if (!first) return undefined;
  const text = partText(beginningOf(first, BEGINNING));
  const isHtml = first.contentType.subtype === 'html';
  const lines = (isHtml ? plainText(text) : text).split('\n');
  return lines.map((line) => APPROVED_IN_REPLY.exec(line.trim())?.[1]).find((found) => found !== undefined);
}

/** What HTML says, each piece between two tags that begin or end something on a line of its own. */
function plainText(html: string): string {
  return resolveReferences(
    html
      .replace(/\s+/g, ' ')
      .replace(/<\/?(?:br|p|div|li|tr|td|blockquote|pre|h[1-6])\b[^<>]{0,1000}>/gi, '\n')
      .replace(TAG, '')
      .replace(HTML_BLANKS, ' '),
  );
}

/** The line with the password in another part, where it may be set in HTML. */
function passwordPattern(password: string): RegExp {
  const inHtml = password
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const forms = [password, inHtml, password.replaceAll('&', '&amp;')].map((form) => RegExp.escape(form));
  const between = '(?:\\s|&nbsp;|&#160;|&#xa0;|<[^<>]{0,1000}>)*';
  return new RegExp(`(?:x-)?approved?${between}[:：]${between}(?:${forms.join('|')})`, 'gi');
}

function removeLine(part: Part, index: number): void {
  if (part.body.length <= LARGE) {
    setPartText(part, partText(part).split('\n').toSpliced(index, 1).join('\n'));
    return;
  }
  const bytes = partBytes(part);
  let start = 0;
  for (let line = 0; line < index; line += 1) start = bytes.indexOf('\n', start) + 1;
  const end = bytes.indexOf('\n', start) + 1 || bytes.length;
  const rest = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  const encoding = transferEncodingOf(part.headers.get('Content-Transfer-Encoding'));
  if (encoding === 'uuencode') part.headers.set('Content-Transfer-Encoding', 'base64');
  part.body = encodeTransfer(rest, encoding, part.headers.lineEnd);
}
