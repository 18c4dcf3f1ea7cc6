import { canEncode, canonicalCharset } from '../../message/charset.ts';
import { textPart } from '../../message/compose.ts';
import type { Message } from '../../message/message.ts';
import type { Part } from '../../message/part.ts';
import { wrapContent } from '../../message/reshape.ts';
import { setPartText, strictPartText } from '../../message/text.ts';
import { transferEncodingOf } from '../../message/transfer-encoding.ts';
import type { Frame } from '../../queue/queues.ts';
import { isEmptyFrame } from './frame.ts';

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
  if (isDamagedBase64(root)) return false;
  const text = strictPartText(root);
  if (text === undefined) return false;
  const before = header.trim() === '' ? '' : withNewline(header);
  const behind = footer.trim() === '' ? '' : footer;
  const middle = behind === '' ? text : withNewline(text);
  const joined = `${before}${middle}${behind}`.replaceAll('\r\n', '\n');
  if (!joinBytes(root, { before, behind, text, joined }))
    setPartText(root, joined, fittingCharset(joined, root, listCharset));
  return true;
}

/** Texts that need no encoding are put together as they are, so that the post stays as it was written. */
function joinBytes(
  root: Part,
  {
    before,
    behind,
    text,
    joined,
  }: { readonly before: string; readonly behind: string; readonly text: string; readonly joined: string },
): boolean {
  const { headers } = root;
  const label = root.contentType.parameters.get('charset');
  const charset = canonicalCharset(label ?? 'us-ascii');
  const isPlain = transferEncodingOf(headers.get('Content-Transfer-Encoding')) === 'identity';
  if (!isPlain || charset?.startsWith('utf-16') || !/^[\0-\x7f]*$/.test(before + behind)) return false;
  if (/[^\n]{999}/.test(joined) || (/[^\0-\x7f]/.test(text) && !headers.has('Content-Transfer-Encoding')))
    return false;
  const { lineEnd } = headers;
  const ends = root.body.length === 0 || root.body.at(-1) === 0x0a;
  const bytes = (part: string): Buffer => Buffer.from(part.replaceAll(/\r?\n/g, lineEnd), 'latin1');
  if (!headers.has('MIME-Version')) headers.append('MIME-Version', '1.0');
  if (label === undefined) headers.set('Content-Type', 'text/plain; charset="us-ascii"');
  if (!headers.has('Content-Transfer-Encoding')) headers.append('Content-Transfer-Encoding', '7bit');
  root.body = Buffer.concat([
    bytes(before),
    root.body,
    bytes(ends || behind === '' ? '' : '\n'),
    bytes(behind),
  ]);
  return true;
}

/** Mailman's order: the list's charset, that of the post, UTF-8; Japanese mail is in ISO-2022-JP. */
function fittingCharset(text: string, root: Part, listCharset: string): string {
  const own = root.contentType.parameters.get('charset');
  return (
    [listCharset, ...(own === undefined ? [] : [own])].find((charset) => canEncode(text, charset)) ?? 'utf-8'
  );
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function isDamagedBase64({ headers, body }: Part): boolean {
  if (transferEncodingOf(headers.get('Content-Transfer-Encoding')) !== 'base64') return false;
  return /[^A-Za-z0-9+/=\s]/.test(body.toString('latin1'));
}
