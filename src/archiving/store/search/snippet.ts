import type { SearchMark, SnippetPiece } from '../types.ts';
import { foldText } from './fold.ts';

/** UTF-16 units of a text that are looked through, and of what is shown. */
const MAX_TEXT = 50_000;
const LENGTH = 240;
/** How much of it stands before the first word that was found. */
const BEFORE = 60;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text in pieces: those that a search has found, and those between them. */
export function markWords(text: string, marks: readonly SearchMark[]): SnippetPiece[] {
  return piecesOf(text, spansOf(text, marks));
}

/** The part of a text where most was found, on one line; its beginning where nothing was. What is quoted counts less. */
export function snippetOf(text: string, marks: readonly SearchMark[]): SnippetPiece[] {
  const own = oneLine(text.slice(0, MAX_TEXT).replace(/^[ \t]*>.*$/gm, ''));
  const spans = spansOf(own, marks);
  if (spans.length > 0) return cut(own, spans);
  const whole = oneLine(text.slice(0, MAX_TEXT));
  const quoted = spansOf(whole, marks);
  return quoted.length > 0 ? cut(whole, quoted) : cut(own || whole, []);
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function cut(text: string, spans: readonly Span[]): SnippetPiece[] {
  let start = 0;
  let most = 0;
  for (const { start: at } of spans) {
    const found = spans.filter((span) => span.start >= at && span.end <= at + LENGTH - BEFORE).length;
    if (found <= most) continue;
    most = found;
    start = Math.max(0, at - BEFORE);
    if (most >= 5) break;
  }
  if (start > 0) start = wordStart(text, start);
  const end = text.length > start + LENGTH ? wordEnd(text, start + LENGTH) : text.length;
  const inside = spans
    .filter((span) => span.start >= start && span.end <= end)
    .map((span) => ({ start: span.start - start, end: span.end - start }));
  const pieces = piecesOf(text.slice(start, end).toWellFormed(), inside);
  return [
    ...(start > 0 ? [{ text: '… ', isMatch: false }] : []),
    ...pieces,
    ...(end < text.length ? [{ text: ' …', isMatch: false }] : []),
  ];
}

/** Scripts without blanks are cut anywhere. */
function wordStart(text: string, at: number): number {
  const blank = text.indexOf(' ', at);
  return blank >= 0 && blank < at + 30 ? blank + 1 : at;
}

function wordEnd(text: string, at: number): number {
  const blank = text.lastIndexOf(' ', at);
  return blank > at - 30 ? blank : at;
}

function spansOf(text: string, marks: readonly SearchMark[]): Span[] {
  if (marks.length === 0) return [];
  const spans: Span[] = [];
  for (const match of text.slice(0, MAX_TEXT).matchAll(WORD)) {
    const [word] = match;
    const folded = foldText(word);
    const found = marks.flatMap((mark) => placesIn(folded, mark));
    if (found.length === 0) continue;
    // Where folding has changed the length, nobody knows what came of which character.
    const exact = folded.length === word.length ? found : [{ start: 0, end: word.length }];
    for (const span of joined(exact))
      spans.push({ start: match.index + span.start, end: match.index + span.end });
  }
  return spans;
}

function placesIn(word: string, { text, kind }: SearchMark): Span[] {
  if (kind === 'word') return word === text ? [{ start: 0, end: word.length }] : [];
  if (kind === 'prefix') return word.startsWith(text) ? [{ start: 0, end: word.length }] : [];
  const places: Span[] = [];
  for (let at = word.indexOf(text); at >= 0; at = word.indexOf(text, at + text.length))
    places.push({ start: at, end: at + text.length });
  return places;
}

function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && span.start <= last.end)
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}

function piecesOf(text: string, spans: readonly Span[]): SnippetPiece[] {
  const pieces: SnippetPiece[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (start > at) pieces.push({ text: text.slice(at, start), isMatch: false });
    pieces.push({ text: text.slice(start, end), isMatch: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isMatch: false });
  return pieces;
}
