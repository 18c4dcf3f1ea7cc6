import type { Message } from '../message/message.ts';
import { partText, setPartText, walk } from '../message/text.ts';

const APPROVED_LINE = /^(?:x-)?approved?[ \t]*:[ \t]*(\S.{0,400})$/i;

/**
 * Takes the `Approved: PASSWORD` line out of a message: the first line with text in its first text/plain part. The
 * same line vanishes from every other text part (mailers repeat it as HTML), so that the password never reaches the list.
 * @returns the password; undefined where there is no such line, and nothing is changed
 */
export function removeApprovedLine(message: Message): string | undefined {
  const parts = [...walk(message)].filter((part) => part.contentType.type === 'text');
  const plain = parts.find((part) => part.contentType.subtype === 'plain');
  if (!plain) return undefined;
  const lines = partText(plain).split('\n');
  const index = lines.findIndex((line) => line.trim() !== '');
  const password = APPROVED_LINE.exec(lines[index]?.trim() ?? '')?.[1];
  if (password === undefined) return undefined;
  setPartText(plain, lines.toSpliced(index, 1).join('\n'));
  const pattern = new RegExp(`(?:x-)?approved?\\s*:(?:\\s|&nbsp;)*${RegExp.escape(password)}`, 'gi');
  for (const part of parts) {
    if (part === plain) continue;
    const text = partText(part);
    const without = text.replace(pattern, '');
    if (without !== text) setPartText(part, without);
  }
  return password;
}
