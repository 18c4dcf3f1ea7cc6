import { htmlToText } from '../flow/content-filter/html-to-text.ts';
import { partFileName } from '../message/file-name.ts';
import { flowedFormat, unflow } from '../message/format-flowed.ts';
import type { Part } from '../message/part.ts';
import { partText } from '../message/text.ts';
import { attachmentOf, type ReadAttachment } from './message-attachments.ts';

/** What a message consists of, for people. */
export interface MessageParts {
  /** All that is text in it, in order, LF at the end of lines; made of its HTML where it has no plain text. */
  readonly text: string;
  /** Whether some of the text comes from HTML. */
  readonly isTextFromHtml: boolean;
  /** The HTML of its author, as it came: full of whatever its author wants; undefined where there is none. */
  readonly html: string | undefined;
  /** The text of messages that are attached, which is not shown with the message itself. */
  readonly attachedText: string;
  /** Files, pictures, attached messages and files in them. */
  readonly attachments: readonly ReadAttachment[];
}

/** UTF-16 units of text that one message gives at most. */
const MAX_TEXT = 5_000_000;
/** Of an HTML part; the pictures of some mailers stand in it. */
const MAX_HTML = 2_000_000;
/** A text part with more octets is a file. */
const MAX_TEXT_PART = 10_000_000;
/** How many attachments one message can have. */
const MAX_ATTACHMENTS = 500;

/** Kinds of text that are made for programs. */
const FOR_PROGRAMS: ReadonlySet<string> = new Set([
  'calendar',
  'css',
  'csv',
  'javascript',
  'rtf',
  'vcard',
  'x-vcard',
  'xml',
]);

/**
 * Takes a message apart into text and attachments, without recursion, in the order of `walk`. Of alternatives, the plain
 * text is the text and the HTML the HTML; HTML that stands alone is made text.
 * @param charsets to try where one is missing, unknown or wrong
 */
export function readParts(root: Part, charsets: readonly string[]): MessageParts {
  const reading = new Reading(charsets);
  const waiting = [{ part: root, isAttached: false }];
  for (let place = 0, next = waiting.pop(); next; next = waiting.pop(), place += 1) {
    const { part, isAttached } = next;
    const inside = part.message ? [part.message] : part.children;
    for (const child of inside.toReversed())
      waiting.push({ part: child, isAttached: isAttached || part.message !== undefined });
    if (part.children.length === 0) reading.take(part, place, isAttached);
  }
  return reading.result();
}

class Reading {
  readonly #charsets: readonly string[];
  readonly #texts: string[] = [];
  readonly #pages: string[] = [];
  readonly #attachedTexts: string[] = [];
  readonly #attachments: ReadAttachment[] = [];
  /** Alternatives of which the plain text was found. */
  readonly #plain = new Set<Part>();
  #isTextFromHtml = false;
  #length = 0;

  constructor(charsets: readonly string[]) {
    this.#charsets = charsets;
  }

  take(part: Part, place: number, isAttached: boolean): void {
    const kind = this.#length > MAX_TEXT ? 'file' : kindOf(part);
    if (kind === 'file') {
      this.#list(part, place);
      return;
    }
    const decoded = partText(part, { fallbacks: this.#charsets }).slice(
      0,
      kind === 'html' ? MAX_HTML : MAX_TEXT,
    );
    this.#length += decoded.length;
    const texts = isAttached ? this.#attachedTexts : this.#texts;
    const alternative = alternativeAround(part);
    if (kind === 'html') {
      if (!isAttached) this.#pages.push(decoded);
      if (alternative && this.#plain.has(alternative)) return;
      texts.push(htmlToText(decoded));
      this.#isTextFromHtml ||= !isAttached;
      return;
    }
    if (alternative && decoded.trim() !== '') this.#plain.add(alternative);
    const flowed = flowedFormat(part);
    texts.push(flowed ? unflow(decoded, flowed) : decoded);
    // Text with the name of a file is shown, and can be had as a file.
    if (partFileName(part) !== undefined) this.#list(part, place);
  }

  result(): MessageParts {
    return {
      text: joined(this.#texts),
      isTextFromHtml: this.#isTextFromHtml,
      html: this.#pages.length === 0 ? undefined : this.#pages.join('\n'),
      attachedText: joined(this.#attachedTexts),
      attachments: this.#attachments,
    };
  }

  #list(part: Part, place: number): void {
    if (this.#attachments.length < MAX_ATTACHMENTS) this.#attachments.push(attachmentOf(part, place));
  }
}

/** A message of which nothing can be told apart is shown as it stands. */
function kindOf(part: Part): 'text' | 'html' | 'file' {
  const { type, subtype } = part.contentType;
  if (part.message || part.body.length > MAX_TEXT_PART) return 'file';
  if (type === 'message' && subtype === 'delivery-status') return 'text';
  if (type === 'multipart' && part.parent === undefined) return 'text';
  if (type !== 'text' || /^\s*attachment\b/i.test(part.headers.get('Content-Disposition') ?? ''))
    return 'file';
  if (subtype === 'html') return 'html';
  return FOR_PROGRAMS.has(subtype) ? 'file' : 'text';
}

/** The multipart/alternative that a part belongs to, perhaps inside of a multipart/related. */
function alternativeAround(part: Part): Part | undefined {
  for (let around = part.parent; around?.contentType.type === 'multipart'; around = around.parent) {
    const { subtype } = around.contentType;
    if (subtype === 'alternative') return around;
    if (subtype !== 'related') return undefined;
  }
  return undefined;
}

function joined(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text, index) => (index < texts.length - 1 && !text.endsWith('\n') ? `${text}\n` : text))
    .join('');
}
