import { decodeHeader } from '../../message/encoded-words.ts';
import type { Message } from '../../message/message.ts';
import type { Part } from '../../message/part.ts';
import { partText } from '../../message/text.ts';

/** What a mail says, line by line. */
export interface CommandLines {
  /** Lines to read as commands, the Subject first. */
  readonly lines: readonly string[];
  readonly hasSubject: boolean;
  /** Whether whatever the mail says beside its Subject is in HTML, which is not read. */
  readonly isHtmlOnly: boolean;
  /** The lines of the text, whether they are read or too many. */
  readonly text: readonly string[];
  /** Further lines, which are too many. */
  readonly ignored: readonly string[];
}

/** Nothing that a person types is longer; more would only fill the answer. */
const LONGEST_LINE = 400;

/** Lines beyond the limit that are told of in the answer. */
const MOST_IGNORED = 50;

/** Octets of a body that are looked at. */
const LONGEST_BODY = 1_000_000;

/** `Re: `, `AW: Re:`, `RE :`, `回复：` and the like, and what stands in brackets: `[Ant] Re:`, `[External]`. */
const REPLY_MARKS = /^\s*(?:(?:\[[^[\]]{1,60}\]|[^\s:：[\]]{1,20}(?:\[\d{1,4}\])?\s?[:：])\s*)+/;

const SIGNATURE = /^-- ?$/;

/**
 * The command lines of a mail: the Subject without reply marks, then the lines with text of the first text/plain part
 * (attached messages are not looked into). Quoted lines are somebody else's, and a signature ends the text.
 * @param mostLines `[mailman] email_commands_max_lines`: for the body
 */
export function commandLines(message: Message, mostLines: number, fallbackCharset: string): CommandLines {
  const fallbacks = [fallbackCharset];
  const subject = decodeHeader(message.headers.get('Subject') ?? '', { fallbacks }).replace(REPLY_MARKS, '');
  const part = firstText(message.root, 'plain');
  const text = part && part.body.length <= LONGEST_BODY ? partText(part, { fallbacks }) : '';
  const all = text.split('\n');
  const end = all.findIndex((line) => SIGNATURE.test(line));
  const body = all
    .slice(0, end < 0 ? all.length : end)
    .filter((line) => !line.startsWith('>'))
    .map(tidy)
    .filter((line) => line !== '');
  const first = tidy(subject);
  return {
    lines: [...(first === '' ? [] : [first]), ...body.slice(0, mostLines)],
    hasSubject: first !== '',
    isHtmlOnly: !part && firstText(message.root, 'html') !== undefined,
    text: body.slice(0, mostLines + MOST_IGNORED),
    ignored: body.slice(mostLines, mostLines + MOST_IGNORED),
  };
}

/** A line without control characters and of bearable length. */
function tidy(line: string): string {
  return line
    .slice(0, LONGEST_LINE)
    .replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .toWellFormed();
}

function firstText(part: Part, wanted: 'plain' | 'html'): Part | undefined {
  const { type, subtype } = part.contentType;
  if (type === 'text' && subtype === wanted) return part;
  for (const child of part.children) {
    const found = firstText(child, wanted);
    if (found) return found;
  }
  return undefined;
}
