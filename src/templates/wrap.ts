import { displayWidth } from './width.ts';

/** How wide Mailman makes the lines of its notices. */
const DEFAULT_WIDTH = 70;

export interface WrapOptions {
  /** Columns; wide characters count two. Default 70. */
  readonly width?: number;
  /** Two blanks after the end of a sentence, as English typists put them. Default no. */
  readonly sentenceSpacing?: boolean;
}

/** Characters that stand alone between two possible breaks: ideographs, kana, fullwidth forms. Hangul breaks at blanks. */
const IDEOGRAPHIC =
  '[\\u2e80-\\u2fdf\\u3001-\\u312f\\u31a0-\\u9fff\\ua000-\\ua4cf\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff01-\\uff60\\uffe0-\\uffe6\\u{1b000}-\\u{1b2fb}\\u{20000}-\\u{3fffd}]';

/** JIS X 4051: these begin no line … */
const NOT_AT_START =
  /^[、。，．・：；？！゛゜´｀¨ヽヾゝゞ々〻ー―‐）］｝〕〉》」』】〙〗〟’”»ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶㇰ-ㇿ％‰℃°′″,.:;?!)\]}%]/u;
/** … and these end none. */
const NOT_AT_END = /[（［｛〔〈《「『【〘〖〝‘“«([{￥＄£]$/u;

const UNIT = new RegExp(
  `${IDEOGRAPHIC}[\\p{M}\\u200d\\ufe0e\\ufe0f]*|[ \\t]+|(?:(?!${IDEOGRAPHIC})[^ \\t])+`,
  'gu',
);
const STARTS_WIDE = new RegExp(`^${IDEOGRAPHIC}`, 'u');
const ENDS_WIDE = new RegExp(`${IDEOGRAPHIC}[\\p{M}\\u200d\\ufe0e\\ufe0f]*$`, 'u');
const SENTENCE_END = /[a-z][.!?]["']?$/;

/**
 * Reflows a text: adjoining lines that are not indented become one paragraph with lines of at most `width` columns.
 * Indented and empty lines stay as they are, and so do words that are too long (addresses must not break).
 */
export function wrap(text: string, options: WrapOptions = {}): string {
  const result: string[] = [];
  let paragraph: string[] = [];
  const finish = () => {
    if (paragraph.length > 0) result.push(...wrapLines(joinLines(paragraph), options));
    paragraph = [];
  };
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (line.trim() !== '' && !/^[ \t\u3000]/.test(line)) paragraph.push(line.trimEnd());
    else {
      finish();
      result.push(line.trimEnd());
    }
  }
  finish();
  return result.join('\n');
}

/** Breaks one paragraph into lines of at most `width` columns. Japanese and Chinese break between characters too. */
export function wrapLines(paragraph: string, options: WrapOptions = {}): string[] {
  const { width = DEFAULT_WIDTH, sentenceSpacing = false } = options;
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const { text, blanks } of piecesOf(paragraph, sentenceSpacing)) {
    const needed = displayWidth(text);
    if (line === '' || used + blanks.length + needed > width) {
      if (line !== '') lines.push(line);
      line = text;
      used = needed;
    } else {
      line += blanks + text;
      used += blanks.length + needed;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** What must not be broken, and the blanks before it. */
interface Piece {
  readonly text: string;
  readonly blanks: string;
}

function piecesOf(paragraph: string, sentenceSpacing: boolean): Piece[] {
  const pieces: { text: string; blanks: string }[] = [];
  let blanks = '';
  for (const [unit] of paragraph.matchAll(UNIT)) {
    if (/^[ \t]/.test(unit)) {
      blanks = unit.replaceAll('\t', ' ');
      continue;
    }
    const last = pieces.at(-1);
    if (last && blanks === '' && (NOT_AT_START.test(unit) || NOT_AT_END.test(last.text.slice(-1))))
      last.text += unit;
    else if (last && sentenceSpacing && blanks === ' ' && SENTENCE_END.test(last.text.slice(-3)))
      pieces.push({ text: unit, blanks: '  ' });
    else pieces.push({ text: unit, blanks });
    blanks = '';
  }
  return pieces;
}

/** Lines of one paragraph as one line: with a blank between them, but not between two characters that need none. */
function joinLines(lines: readonly string[]): string {
  return lines
    .map((line, index) => {
      const before = lines[index - 1];
      const blank = before !== undefined && !(ENDS_WIDE.test(before.slice(-4)) && STARTS_WIDE.test(line));
      return blank ? ` ${line}` : line;
    })
    .join('');
}
