import { escapeHtml, type Html, trustedHtml } from '../html.ts';
import type { Speaker } from '../texts/index.ts';
import { type Block, splitBlocks } from './blocks.ts';
import { isRightToLeft } from './direction.ts';
import { inlineMarkup, type TextStyle } from './inline.ts';

/** A mail's text as markup. */
export interface RenderedText {
  readonly markup: Html;
  /** Whether something was left out. */
  readonly isCut: boolean;
}

/** How much of a text is shown, and how. */
export interface RenderOptions extends TextStyle {
  readonly say: Speaker;
  /** Characters of markup at most; long quotes go first. */
  readonly limit: number;
  /** Where what is left out can be read. */
  readonly permalink: string;
}

/** Quotes of more lines are folded. */
const MAX_OPEN_QUOTE = 5;
/** Of a text, so many times what is shown is looked at. */
const REACH = 8;
/** Quotes within quotes beyond this are shown as lines. */
const MAX_DEPTH = 5;

/** The text of a mail: paragraphs, quotes folded, the signature apart. */
export function renderText(text: string, options: RenderOptions): RenderedText {
  const { limit, isObscured } = options;
  // Long quotes may make room for what stands behind them, but not for everything.
  const reach = limit * REACH;
  const blocks = splitBlocks(text.length > reach ? wholeLines(text, reach) : text);
  const pieces = blocks.map((block) => renderBlock(block, options, 0));
  let isCut = text.length > reach;
  let length = pieces.reduce((sum, { length }) => sum + length, 0);
  for (const [index, block] of blocks.entries()) {
    if (length <= limit) break;
    if (block.kind !== 'quote' || block.lines.length <= MAX_OPEN_QUOTE) continue;
    const left = omittedQuote(block, options);
    length += left.length - (pieces[index]?.length ?? 0);
    pieces[index] = left;
  }
  if (length > limit) {
    isCut = true;
    cutPieces(pieces, blocks, limit, isObscured);
  }
  return { markup: trustedHtml(pieces.join('\n')), isCut };
}

/** Leaves out blocks from the end; the first is cut itself where it alone is too long. */
function cutPieces(pieces: string[], blocks: readonly Block[], limit: number, isObscured: boolean): void {
  let length = 0;
  let keep = 0;
  while (keep < pieces.length && length + (pieces[keep]?.length ?? 0) <= limit) {
    length += pieces[keep]?.length ?? 0;
    keep += 1;
  }
  const next = blocks[keep];
  pieces.length = keep;
  if (!next || limit - length < limit / 3) return;
  const lines: string[] = [];
  for (const line of next.lines) {
    length += inlineMarkup(line, isObscured).length + 8;
    if (length > limit) break;
    lines.push(line);
  }
  if (lines.length > 0) pieces.push(paragraph('lines', lines, isObscured));
}

function renderBlock(block: Block, options: RenderOptions, depth: number): string {
  const { isObscured, say } = options;
  switch (block.kind) {
    case 'quote': {
      const direction = isRightToLeft(block.lines.join(' ')) ? ' dir="rtl"' : '';
      const quote = `<blockquote${direction}>${renderQuoted(block.lines, options, depth + 1)}</blockquote>`;
      if (depth > 0 || block.lines.length <= MAX_OPEN_QUOTE) return quote;
      const summary = escapeHtml(say.count('quoted_lines', block.lines.length));
      return `<details class="quote"><summary>${summary}</summary>${quote}</details>`;
    }
    case 'code':
      return `<pre tabindex="0">${block.lines.map((line) => inlineMarkup(line, isObscured)).join('\n')}</pre>`;
    case 'signature': {
      const lines = /^(?:--|_{20,})$/.test(block.lines[0] ?? '') ? block.lines.slice(1) : block.lines;
      return lines.length === 0 ? '' : paragraph('signature', lines, isObscured);
    }
    default:
      return paragraph(block.kind, block.lines, isObscured);
  }
}

/** A quote's own blocks; nested more deeply than anybody reads, it stays lines. */
function renderQuoted(lines: readonly string[], options: RenderOptions, depth: number): string {
  if (depth >= MAX_DEPTH) return paragraph('lines', lines, options.isObscured);
  return splitBlocks(lines.join('\n'))
    .map((block) => renderBlock(block, options, depth))
    .join('\n');
}

/** Where lines of prose end is for wide screens only (see the stylesheet). */
function paragraph(
  kind: 'prose' | 'lines' | 'signature',
  lines: readonly string[],
  isObscured: boolean,
): string {
  const text = lines.map((line) => inlineMarkup(line, isObscured)).join(' <br>');
  return `<p${kind === 'prose' ? '' : ` class="${kind}"`} dir="auto">${text}</p>`;
}

function omittedQuote({ lines }: Block, { say, permalink }: RenderOptions): string {
  const count = escapeHtml(say.count('quoted_lines', lines.length));
  return `<p class="omitted"><a href="${escapeHtml(permalink)}">${count}</a></p>`;
}

function wholeLines(text: string, limit: number): string {
  const cut = text.slice(0, limit);
  const end = cut.lastIndexOf('\n');
  return end > limit / 2 ? cut.slice(0, end) : cut;
}
