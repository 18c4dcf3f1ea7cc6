/** A stretch of a mail's text. */
export type Block =
  /** Sentences: lines were broken by a mailer, and may be broken elsewhere. */
  | { readonly kind: 'prose'; readonly lines: readonly string[] }
  /** Lines that mean something: addresses, poems, lists. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  /** Programs, tables, patches: every blank counts. */
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'quote'; readonly lines: readonly string[] }
  /** What stands behind `-- ` or the list's own line at the end. */
  | { readonly kind: 'signature'; readonly lines: readonly string[] };

/** A line of prose is at least so wide, unless it is the last of its paragraph. */
const MIN_PROSE_WIDTH = 45;

/** A signature is at most so long; more than that is text behind a line of hyphens. */
const MAX_SIGNATURE_LINES = 25;

/**
 * Takes the text of a mail apart, in time that grows with its length. The lines of quotes come without one `>` each.
 * @param text with LF at the end of lines
 */
export function splitBlocks(text: string): Block[] {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
  const end = signatureStart(lines);
  const blocks: Block[] = [];
  let run: string[] = [];
  let isQuote = false;
  const finish = (): void => {
    if (run.some((line) => line !== '')) {
      if (isQuote) blocks.push({ kind: 'quote', lines: trimEmpty(run) });
      else for (const block of paragraphs(run)) blocks.push(block);
    }
    run = [];
  };
  for (const line of lines.slice(0, end)) {
    const quoted = /^ ?>/.test(line);
    if (quoted !== isQuote) finish();
    isQuote = quoted;
    run.push(quoted ? line.replace(/^ ?> ?/, '') : line);
  }
  finish();
  const signature = trimEmpty(lines.slice(end));
  if (signature.length > 0) blocks.push({ kind: 'signature', lines: signature });
  return blocks;
}

/** Where the signature begins: the last `-- `, or the line of underscores above a list's footer. */
function signatureStart(lines: readonly string[]): number {
  const earliest = Math.max(0, lines.length - MAX_SIGNATURE_LINES);
  for (let index = earliest; index < lines.length; index += 1) {
    if (/^--$|^_{20,}$/.test(lines[index] ?? '')) return index;
  }
  return lines.length;
}

function paragraphs(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let run: string[] = [];
  const finish = (): void => {
    if (run.length > 0) {
      const last = blocks.at(-1);
      const block = kindOf(run);
      // A program has empty lines in it.
      if (last?.kind === 'code' && block.kind === 'code')
        blocks[blocks.length - 1] = { kind: 'code', lines: [...last.lines, '', ...block.lines] };
      else blocks.push(block);
    }
    run = [];
  };
  for (const line of lines) {
    if (line === '') finish();
    else run.push(line);
  }
  finish();
  return blocks;
}

function kindOf(lines: readonly string[]): Block {
  if (isCode(lines)) return { kind: 'code', lines };
  const body = lines.slice(0, -1);
  const isProse =
    body.every((line) => widthOf(line) >= MIN_PROSE_WIDTH) && lines.every((line) => !isItem(line));
  return { kind: isProse ? 'prose' : 'lines', lines };
}

const CODE_LINE =
  /^(?: {4}|\t| {1,3}\S.* {3}|diff --git |index [0-9a-f]{7,}|@@ |[+-]{3} |\$ |#include|[|+] )|\S {3,}\S|\t|[;{}]$|^[|+].*[|+]$/;

/** Most lines look like a program's, a table's or a patch's. */
function isCode(lines: readonly string[]): boolean {
  return lines.filter((line) => CODE_LINE.test(line.slice(0, 300))).length * 2 > lines.length;
}

function isItem(line: string): boolean {
  return /^\s*(?:[*+•–-]|\d{1,3}[.)]|\(?[a-z]\))\s/.test(line);
}

/** Columns: Chinese, Japanese and Korean characters take two. */
function widthOf(line: string): number {
  const wide = line
    .slice(0, 2 * MIN_PROSE_WIDTH)
    .match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/gu);
  return line.length + (wide?.length ?? 0);
}

function trimEmpty(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line !== '');
  if (first < 0) return [];
  return lines.slice(first, lines.findLastIndex((line) => line !== '') + 1);
}
