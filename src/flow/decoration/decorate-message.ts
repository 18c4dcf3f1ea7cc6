import { isAscii } from 'node:buffer';
import { canEncode, canonicalCharset, decodeStrict, isInCharset } from '../../message/charset.ts';
import { textPart } from '../../message/compose.ts';
import { endsSoftly, flowedFormat } from '../../message/format-flowed.ts';
import type { Message } from '../../message/message.ts';
import { formatParameter } from '../../message/parameters.ts';
import type { Part } from '../../message/part.ts';
import { wrapContent } from '../../message/reshape.ts';
import { partBytes, setPartText } from '../../message/text.ts';
import { transferEncodingOf } from '../../message/transfer-encoding.ts';
import type { Frame } from '../../queue/queues.ts';
import { isEmptyFrame } from './frame.ts';

const MAX_LINE = 998;

/** A text with more octets is not written anew only to be joined with others: that takes many times its size of memory. */
const LARGEST_REWRITTEN = 1_000_000;

const INLINE = [['Content-Disposition', 'inline']] as const;

/**
 * Puts header and footer around a post, by what it consists of (mail-flow.md 4.6): into a plain text, as parts into
 * multipart/mixed, else as parts around the whole, which stays as it came.
 * @param listCharset the charset in which the list writes
 */
export function decorateMessage({ root }: Message, frame: Frame, listCharset: string): void {
  if (isEmptyFrame(frame)) return;
  const { type, subtype } = root.contentType;
  if (type === 'text' && subtype === 'plain' && joinText(root, frame, listCharset)) return;
  const [before, behind] = [frame.header, frame.footer].map((text) =>
    text.trim() === '' ? [] : [textPart(text, listCharset, INLINE)],
  ) as [Part[], Part[]];
  if (type === 'multipart' && subtype === 'mixed' && root.isMultipart) {
    root.children.unshift(...before);
    root.children.push(...behind);
    root.touch();
  } else wrapContent(root, before, behind);
}

/** Joins the texts in one part; false where it cannot be read for certain. */
function joinText(root: Part, { header, footer }: Frame, listCharset: string): boolean {
  const isLarge = root.body.length > LARGEST_REWRITTEN;
  const charset = root.contentType.parameters.get('charset') ?? (isLarge ? 'us-ascii' : unnamedCharset(root));
  if (isLarge && !['us-ascii', 'utf-8'].includes(canonicalCharset(charset) ?? '')) return false;
  const before = header.trim() === '' ? '' : withNewline(header);
  const behind = footer.trim() === '' ? '' : footer;
  if (joinBytes(root, charset, before, behind)) return true;
  if (isLarge || isDamagedBase64(root)) return false;
  const text = decodeStrict(partBytes(root), charset)?.replaceAll('\r\n', '\n');
  if (text === undefined) return false;
  const gap = behind === '' ? '' : gapBehind(root, text);
  const joined = `${before}${text}${gap}${behind}`.replaceAll('\r\n', '\n');
  setPartText(root, joined, [charset, listCharset].find((each) => canEncode(joined, each)) ?? 'utf-8');
  return true;
}

/** Japanese mailers of old wrote ISO-2022-JP without saying so. */
function unnamedCharset(root: Part): string {
  const isJapanese = !root.headers.has('Content-Type') && root.body.includes('\x1b$');
  return isJapanese && decodeStrict(root.body, 'iso-2022-jp') !== undefined ? 'iso-2022-jp' : 'us-ascii';
}

/** Texts that need no encoding are put together as they are, so that the post stays as it was written. */
function joinBytes(root: Part, charset: string, before: string, behind: string): boolean {
  const { body, headers } = root;
  const isIdentity = transferEncodingOf(headers.get('Content-Transfer-Encoding')) === 'identity';
  if (!isIdentity || /^utf-(?:7|16)/.test(canonicalCharset(charset) ?? '')) return false;
  if (!isInCharset(body, charset)) return false;
  if (!/^[\n\r\t\f\x20-\x7e]*$/.test(before + behind) || hasLongLine(before + behind)) return false;
  const { lineEnd } = headers;
  const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(/\r?\n/g, lineEnd), 'latin1');
  const gap = behind === '' ? '' : gapBehind(root, body.subarray(-MAX_LINE).toString('latin1'));
  if (!headers.has('MIME-Version')) headers.append('MIME-Version', '1.0');
  if (root.contentType.parameters.get('charset') === undefined) nameCharset(root, charset);
  if (!headers.has('Content-Transfer-Encoding'))
    headers.append('Content-Transfer-Encoding', isAscii(body) ? '7bit' : '8bit');
  root.surroundBody(bytes(before), bytes(gap + behind));
  return true;
}

function nameCharset({ contentType, headers }: Part, charset: string): void {
  const others = [...contentType.parameters].map(([name, value]) => `; ${formatParameter(name, value)}`);
  headers.set('Content-Type', `text/plain; charset="${charset}"${others.join('')}`);
}

/** Ends the last line of a text; where that is a soft break (RFC 3676 4.2), its paragraph as well, or the footer would flow into it. */
function gapBehind(root: Part, text: string): string {
  const end = text.endsWith('\n') ? '' : '\n';
  return flowedFormat(root) && endsSoftly(text) ? `${end}\n` : end;
}

/** RFC 5322 2.1.1: a line has at most 998 characters. */
export function hasLongLine(text: string): boolean {
  return text.length > MAX_LINE && text.split('\n').some((line) => line.length > MAX_LINE);
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function isDamagedBase64({ headers, body }: Part): boolean {
  if (transferEncodingOf(headers.get('Content-Transfer-Encoding')) !== 'base64') return false;
  return /[^A-Za-z0-9+/=\s]/.test(body.toString('latin1'));
}
