import type { Message } from '../message/message.ts';
import type { Part } from '../message/part.ts';
import { beginningOf, partBytes, partText, setPartText, walk } from '../message/text.ts';
import { encodeTransfer, transferEncodingOf } from '../message/transfer-encoding.ts';

const APPROVED_LINE = /^(?:x-)?approved?[ \t]*:[ \t]*(\S.{0,400})$/i;

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
  const pattern = new RegExp(`(?:x-)?approved?\\s*:(?:\\s|&nbsp;)*${RegExp.escape(password)}`, 'gi');
  for (const part of parts) {
    if (part === plain || (part.body.length > LARGE && !partBytes(part).includes(password))) continue;
    const text = partText(part);
    const without = text.replace(pattern, '');
    if (without !== text) setPartText(part, without);
  }
  return password;
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
