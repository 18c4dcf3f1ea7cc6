import type { Part } from './part.ts';

/** Whether a part is text with format=flowed (RFC 3676), and whether the blank at a soft break is to be dropped. */
export function flowedFormat(part: Part): { readonly delSp: boolean } | undefined {
  const { parameters } = part.contentType;
  if (parameters.get('format')?.toLowerCase() !== 'flowed') return undefined;
  return { delSp: parameters.get('delsp')?.toLowerCase() === 'yes' };
}

/**
 * Joins the soft line breaks of format=flowed text (RFC 3676 4) and removes the stuffing; quoted lines join only with
 * lines of the same depth, and keep their `>` marks. The signature separator `-- ` never joins.
 * @param text with LF at the end of lines
 */
export function unflow(text: string, { delSp }: { readonly delSp: boolean }): string {
  const lines: string[] = [];
  let open: { depth: number; pieces: string[] } | undefined;
  const finish = (): void => {
    if (open) lines.push(quoteMarks(open.depth) + open.pieces.join(''));
    open = undefined;
  };
  for (const line of text.split('\n')) {
    const depth = quoteDepth(line);
    const stuffed = line.slice(depth);
    const content = stuffed.startsWith(' ') ? stuffed.slice(1) : stuffed;
    const isSeparator = content === '-- ';
    if (open && (open.depth !== depth || isSeparator)) finish();
    open ??= { depth, pieces: [] };
    const soft = content.endsWith(' ') && !isSeparator;
    open.pieces.push(soft && delSp ? content.slice(0, -1) : content);
    if (!soft) finish();
  }
  finish();
  return lines.join('\n');
}

/** Whether the last line goes on in the next one that is not quoted: a paragraph that something follows must end first. */
export function endsSoftly(text: string): boolean {
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1, end).replace(/\r$/, '');
  return line.endsWith(' ') && !line.startsWith('>') && line.trim() !== '' && line.trimStart() !== '-- ';
}

function quoteDepth(line: string): number {
  let depth = 0;
  while (line[depth] === '>') depth += 1;
  return depth;
}

function quoteMarks(depth: number): string {
  return depth === 0 ? '' : `${'>'.repeat(depth)} `;
}
