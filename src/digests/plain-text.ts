import { htmlToText } from '../flow/content-filter/html-to-text.ts';
import type { Say } from '../language/index.ts';
import { decodeHeader } from '../message/encoded-words.ts';
import { partFileName } from '../message/file-name.ts';
import type { Part } from '../message/part.ts';
import { partBytes, partText, walk } from '../message/text.ts';
import { oneLine } from '../templates/variables.ts';

const RULE = '-'.repeat(14);
/** A multipart without its boundary is shown as it is if it has at most so many octets. */
const LARGEST_BROKEN = 65_536;
/** Characters of a file name or description. */
const LONGEST_TEXT = 200;

/** What is said of an attached message before its text. */
const SHOWN_HEADERS = ['From', 'Subject', 'Date'];

/**
 * The text of a post for a plain digest: its text parts, HTML as plain text, of alternatives the one that is plain, of
 * attached messages the same with who wrote it; a note in place of everything else. (Mailman 2.1 kept the rest in its
 * archive and linked it from the note.)
 */
export function plainText(root: Part, say: Say, likely: readonly string[]): string {
  const pieces = piecesOf(root, say, likely);
  const separator = `${RULE} ${say('digest_next_part')} ${RULE}\n`;
  return pieces.map((piece) => `${withoutLastNewlines(piece)}\n`).join(separator);
}

/** Nesting is bounded by the parser. */
function piecesOf(root: Part, say: Say, likely: readonly string[]): string[] {
  return shownParts(root).flatMap((part) => {
    if (!part.message) return [textOf(part, likely) ?? note(part, say, likely)];
    const [first = '', ...others] = piecesOf(part.message, say, likely);
    const who = origin(part.message, likely);
    return [who.length === 0 ? first : [...who, '', first].join('\n'), ...others];
  });
}

function origin({ headers }: Part, likely: readonly string[]): string[] {
  return SHOWN_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    if (value === undefined) return [];
    return [`${name}: ${oneLine(decodeHeader(value, { fallbacks: likely }).slice(0, LONGEST_TEXT))}`];
  });
}

/** No pattern: those take quadratic time on long runs of newlines. */
function withoutLastNewlines(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return text.slice(0, end);
}

/** The parts that hold something. */
function shownParts(part: Part): Part[] {
  if (part.contentType.type !== 'multipart' || !part.isMultipart) return [part];
  if (part.contentType.subtype !== 'alternative') return part.children.flatMap(shownParts);
  const best =
    part.children.find((child) => holds(child, 'plain')) ??
    part.children.find((child) => holds(child, 'html'));
  return best ? shownParts(best) : part.children.flatMap(shownParts);
}

function holds(part: Part, subtype: string): boolean {
  for (const { contentType } of walk(part))
    if (contentType.type === 'text' && contentType.subtype === subtype) return true;
  return false;
}

/** What a reader can read of a part; undefined where that is nothing. */
function textOf(part: Part, likely: readonly string[]): string | undefined {
  const { type, subtype } = part.contentType;
  const isBroken = type === 'multipart' && part.body.length <= LARGEST_BROKEN;
  if (type !== 'text' && !isBroken) return undefined;
  const text = partText(part, { fallbacks: likely });
  return type === 'text' && subtype === 'html' ? htmlToText(text) : text;
}

function note(part: Part, say: Say, likely: readonly string[]): string {
  const { type, subtype } = part.contentType;
  const description = decodeHeader(part.headers.get('Content-Description') ?? '', { fallbacks: likely });
  const shown = (text: string): string => oneLine(text.slice(0, LONGEST_TEXT)) || say('digest_part_unknown');
  return [
    say('digest_part_removed'),
    say('digest_part_name', { name: shown(partFileName(part) ?? '') }),
    say('digest_part_type', { type: shown(`${type}/${subtype}`) }),
    say('digest_part_size', { size: partBytes(part).length }),
    say('digest_part_description', { description: shown(description) }),
  ].join('\n');
}
