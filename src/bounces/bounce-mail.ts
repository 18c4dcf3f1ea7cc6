import { decodeHeader } from '../message/encoded-words.ts';
import { resolveReferences } from '../message/html-references.ts';
import type { Message } from '../message/message.ts';
import type { Part } from '../message/part.ts';
import { beginningOf, partText } from '../message/text.ts';

/** Octets of text that are read, over all parts: reports stand at the beginning. */
const MAX_OCTETS = 256_000;
const MAX_LINES = 5000;
/** Characters of a line that are looked at; RFC 5322 2.1.1 allows 998. */
const MAX_LINE = 1000;
const MAX_HEADER = 2000;

/** A line of the text of a mail, without its end. */
export interface TextLine {
  readonly text: string;
  /** In lower case, with single blanks, to look for phrases in. */
  readonly phrase: string;
}

/** A mail to -bounces as detectors see it: bounded in every direction. */
export interface BounceMail {
  readonly message: Message;
  /** Lower case, decoded. */
  readonly from: string;
  readonly subject: string;
  readonly mailer: string;
  /** The mail's own parts, without those of messages that are attached. */
  readonly parts: readonly Part[];
  /** Text of the mail itself: that of attached messages and of the headers that came back is not in it. */
  readonly lines: readonly TextLine[];
}

/** What the detectors look at of a mail that may be a bounce. */
export function readBounceMail(message: Message): BounceMail {
  const parts = reportParts(message.root);
  const header = (name: string): string =>
    decodeHeader((message.headers.get(name) ?? '').slice(0, MAX_HEADER)).toLowerCase();
  return {
    message,
    from: header('From'),
    subject: header('Subject'),
    mailer: header('X-Mailer'),
    parts,
    lines: textLines(parts),
  };
}

/** Gateways that look for viruses put the whole report in front of their own words: then that is what counts. */
function reportParts(root: Part): Part[] {
  const parts = ownParts(root);
  const first = parts.find(({ contentType }) => contentType.type !== 'multipart')?.message;
  return first?.contentType.subtype === 'report' ? ownParts(first) : parts;
}

function ownParts(root: Part): Part[] {
  const found: Part[] = [];
  const waiting = [root];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    found.push(part);
    for (const child of part.children.toReversed()) waiting.push(child);
  }
  return found;
}

/** HTML counts only where there is nothing plainer. */
function textLines(parts: readonly Part[]): TextLine[] {
  const texts = (subtype: string): Part[] =>
    parts.filter(({ contentType }) => contentType.type === 'text' && contentType.subtype === subtype);
  const plain = [...texts('plain'), ...parts.filter(isBrokenMultipart)];
  const read = plain.length > 0 ? plain : texts('html');
  let rest = MAX_OCTETS;
  const lines: TextLine[] = [];
  for (const part of read) {
    if (rest <= 0 || lines.length >= MAX_LINES) break;
    const text = partText(beginningOf(part, rest));
    rest -= Math.min(part.body.length, rest);
    const shown = part.contentType.subtype === 'html' ? withoutTags(text) : text;
    for (const line of shown.split('\n', MAX_LINES - lines.length)) lines.push(textLine(line));
  }
  return lines;
}

/** A multipart that names no boundary, or the wrong one, is read as the text that it is. */
function isBrokenMultipart(part: Part): boolean {
  return part.contentType.type === 'multipart' && part.children.length === 0;
}

function withoutTags(html: string): string {
  return resolveReferences(
    html
      .replace(/<(?:br|\/p|\/div|\/tr|\/li)\b[^<>]{0,200}>/gi, '\n')
      .replace(/<[!/a-z][^<>@]{0,1000}>/gi, ' '),
  );
}

function textLine(line: string): TextLine {
  const text = line.slice(0, MAX_LINE).trimEnd();
  return { text, phrase: text.trim().replace(/\s+/g, ' ').toLowerCase() };
}
