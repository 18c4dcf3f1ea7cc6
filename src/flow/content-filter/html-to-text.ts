import { Tokenizer } from 'htmlparser2';
import { pieces } from './pieces.ts';

/** Elements that stand on lines of their own. */
const BLOCKS: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'caption', 'center', 'dd', 'div', 'dl', 'dt', 'fieldset'],
  ...['figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'li', 'main', 'nav'],
  ...['ol', 'p', 'pre', 'section', 'table', 'tr', 'ul'],
]);

/** Elements with an empty line around them. */
const SPACED: ReadonlySet<string> = new Set([
  ...['blockquote', 'dl', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ol', 'p', 'pre', 'table', 'ul'],
]);

/** Elements whose text nobody reads; the tokenizer sees no tags in them. */
const HIDDEN: ReadonlySet<string> = new Set(['script', 'style', 'title']);

/** Words and blanks that are joined at once: one by one they take many times the memory of the text. */
const MOST_PIECES = 10_000;

/** A text may not become longer than so many characters: a page of links grows. */
const MAX_TEXT = 5_000_000;

/**
 * The text of an HTML page, for readers of plain text: paragraphs, items, and the addresses of links behind them.
 * Takes time and memory in proportion to the page, whatever is in it: a parser would keep a stack of open elements,
 * which a page of nothing but `<div>` makes slow.
 */
export function htmlToText(html: string): string {
  const page = new PlainPage();
  let tag = '';
  let attribute = '';
  let value = '';
  let attributes: Record<string, string> = {};
  const opened = (): void => page.open(tag, attributes);
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      onopentagname: (start, end) => {
        tag = html.slice(start, end).toLowerCase();
        attributes = {};
      },
      onattribname: (start, end) => {
        attribute = html.slice(start, end).toLowerCase();
        value = '';
      },
      onattribdata: (start, end) => {
        value += html.slice(start, end);
      },
      onattribentity: (code) => {
        value += String.fromCodePoint(code);
      },
      onattribend: () => {
        if (attribute === 'href' || attribute === 'alt') attributes[attribute] ??= value;
      },
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag: (start, end) => page.close(html.slice(start, end).toLowerCase()),
      ontext: (start, end) => page.add(html.slice(start, end)),
      ontextentity: (code) => page.add(String.fromCodePoint(code)),
      oncdata: () => undefined,
      oncomment: () => undefined,
      ondeclaration: () => undefined,
      onprocessinginstruction: () => undefined,
      onend: () => undefined,
    },
  );
  for (const piece of pieces(html)) {
    if (page.isFull) break;
    tokenizer.write(piece);
  }
  tokenizer.end();
  return page.text();
}

class PlainPage {
  readonly #joined: string[] = [];
  #pieces: string[] = [];
  #last = '';
  readonly #links: string[] = [];
  #length = 0;
  #hidden = 0;
  #preformatted = 0;
  /** Line ends wanted before the next text. */
  #pending = 0;
  #blank = false;

  /** Whether no further text would be taken. */
  get isFull(): boolean {
    return this.#length > MAX_TEXT;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (HIDDEN.has(name)) this.#hidden += 1;
    if (name === 'pre') this.#preformatted += 1;
    if (name === 'br') this.#breakLine(this.#pending + 1);
    else if (BLOCKS.has(name)) this.#breakLine(SPACED.has(name) ? 2 : 1);
    if (name === 'li') this.#write('* ');
    if (name === 'hr') this.#write('-'.repeat(40));
    if (name === 'td' || name === 'th') this.#blank = true;
    if (name === 'img' && attributes.alt) this.add(attributes.alt);
    if (name === 'a') this.#links.push(attributes.href ?? '');
  }

  add(text: string): void {
    if (this.#hidden > 0) return;
    if (this.#preformatted > 0) {
      this.#write(text);
      return;
    }
    const words = text.split(/[ \t\r\n\f]+/);
    for (const [index, word] of words.entries()) {
      if (index > 0) this.#blank = true;
      if (word !== '') this.#write(word);
    }
  }

  close(name: string): void {
    if (HIDDEN.has(name)) this.#hidden = Math.max(0, this.#hidden - 1);
    if (name === 'pre') this.#preformatted = Math.max(0, this.#preformatted - 1);
    if (name === 'a') {
      const address = this.#links.pop() ?? '';
      if (/^(?:https?:|mailto:|ftp:)/i.test(address) && !this.#endsWith(address)) this.add(` <${address}>`);
    }
    if (BLOCKS.has(name)) this.#breakLine(SPACED.has(name) ? 2 : 1);
  }

  text(): string {
    const tidied: string[] = [];
    let open = '';
    for (const block of [...this.#joined, this.#pieces.join('')]) {
      const lines = `${open}${block}`.replaceAll('\u00a0', ' ').split('\n');
      open = lines.pop() ?? '';
      if (lines.length > 0) tidied.push(lines.map((line) => line.trimEnd()).join('\n'), '\n');
    }
    return `${[...tidied, open]
      .join('')
      .replace(/\n{3,}/g, '\n\n')
      .trim()}\n`;
  }

  #breakLine(lines: number): void {
    if (this.#hidden > 0) return;
    this.#pending = Math.max(this.#pending, lines);
    this.#blank = false;
  }

  #write(text: string): void {
    if (this.#hidden > 0 || this.isFull) return;
    const before = this.#pending > 0 ? '\n'.repeat(Math.min(this.#pending, 2)) : this.#blank ? ' ' : '';
    this.#pieces.push(before, text);
    this.#last = text;
    if (this.#pieces.length >= MOST_PIECES) {
      this.#joined.push(this.#pieces.join(''));
      this.#pieces = [];
    }
    this.#length += before.length + text.length;
    this.#pending = 0;
    this.#blank = false;
  }

  /** A link whose text is its address needs it only once. */
  #endsWith(address: string): boolean {
    return this.#last === address || `mailto:${this.#last}` === address;
  }
}
