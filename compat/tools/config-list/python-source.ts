import { escapeAt } from '../../../migrate/pickle/text.ts';
import { type PickleValue, PyBytes, PyDict, PyFloat, PyTuple } from '../../../migrate/pickle/values.ts';
import { FerrymanError } from '../../../src/errors.ts';

/** A file of settings is no list of plain assignments. */
export class PythonSourceError extends FerrymanError {
  override name = 'PythonSourceError';

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
  }
}

/** `NAME = VALUE`, and where it stands. */
export interface Assignment {
  readonly name: string;
  readonly value: PickleValue;
  readonly line: number;
}

const DEEPEST = 20;
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };
const NUMBER = /[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)[lL]?/y;
const STRING = /(?:[uU]?[rR]?|[bB][rR]?)("""|'''|"|')/y;
const WIDE = /u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y;
const NAME = /[A-Za-z_]\w*/y;

/**
 * Reads a Python file that consists of assignments of plain values: texts, numbers, True, False, None, and lists, tuples
 * and dictionaries of these. It is data; nothing is run. Byte strings stay as their bytes.
 * @param latin1 the bytes of the file, one character each
 * @param toUnicode decodes the bytes of `u'…'`
 * @throws PythonSourceError naming the line
 */
export function readAssignments(latin1: string, toUnicode: (bytes: string) => string): Assignment[] {
  return new Source(latin1, toUnicode).assignments();
}

class Source {
  readonly #text: string;
  readonly #toUnicode: (bytes: string) => string;
  #at = 0;

  constructor(text: string, toUnicode: (bytes: string) => string) {
    this.#text = text.replace(/\r\n?/g, '\n');
    this.#toUnicode = toUnicode;
  }

  assignments(): Assignment[] {
    const found: Assignment[] = [];
    for (this.#skip(true); this.#at < this.#text.length; this.#skip(true)) {
      const { line } = this;
      const name = this.#match(NAME);
      this.#skip(false);
      if (name === undefined || !this.#take('=') || this.#peek() === '=')
        throw this.fault('expected NAME = VALUE; Python is not run here');
      this.#skip(false);
      const value = this.#value(0);
      this.#skip(false);
      if (this.#at < this.#text.length && !['\n', ';'].includes(this.#peek()))
        throw this.fault(`expected the end of the line behind the value of ${name}`);
      this.#take(';');
      found.push({ name, value, line });
    }
    return found;
  }

  get line(): number {
    return this.#text.slice(0, this.#at).split('\n').length;
  }

  fault(problem: string): PythonSourceError {
    return new PythonSourceError(this.line, problem);
  }

  #value(depth: number): PickleValue {
    if (depth > DEEPEST) throw this.fault('brackets are nested too deeply');
    const open = this.#peek();
    if (open in CLOSING) return this.#bracket(open, depth);
    const text = this.#strings(depth > 0);
    if (text !== undefined) return text;
    const number = this.#match(NUMBER);
    const value = number === undefined ? undefined : toNumber(number);
    if (value === undefined && number !== undefined) throw this.fault(`${number.slice(0, 40)} is too large`);
    if (value !== undefined) return value;
    switch (this.#match(NAME)) {
      case 'True':
        return true;
      case 'False':
        return false;
      case 'None':
        return null;
      default:
        throw this.fault(
          'expected a text, a number, True, False, None or a list of these; Python is not run here',
        );
    }
  }

  #bracket(open: string, depth: number): PickleValue {
    const close = CLOSING[open] ?? '';
    this.#at += 1;
    const items: PickleValue[] = [];
    const dictionary = new PyDict();
    let isTuple = false;
    for (;;) {
      this.#skip(true);
      if (this.#take(close)) break;
      const item = this.#value(depth + 1);
      this.#skip(true);
      if (open === '{') {
        if (!this.#take(':')) throw this.fault('expected a colon in the dictionary');
        this.#skip(true);
        dictionary.set(item, this.#value(depth + 1));
        this.#skip(true);
      } else items.push(item);
      if (this.#take(',')) {
        isTuple = true;
        continue;
      }
      if (!this.#take(close)) throw this.fault(`expected a comma or ${close}`);
      break;
    }
    if (open === '{') return dictionary;
    if (open === '[') return items;
    const [only] = items;
    return !isTuple && only !== undefined ? only : new PyTuple(items);
  }

  /** Texts that stand one after the other are one; it is unicode if one of them is. */
  #strings(inBrackets: boolean): PickleValue | undefined {
    const parts: (string | PyBytes)[] = [];
    for (;;) {
      STRING.lastIndex = this.#at;
      const found = STRING.exec(this.#text);
      if (!found) break;
      const [start, quote = ''] = found;
      const prefix = start.slice(0, start.length - quote.length).toLowerCase();
      this.#at += start.length;
      parts.push(this.#rest(quote, prefix));
      this.#skip(inBrackets);
    }
    if (parts.length === 0) return undefined;
    if (parts.every((part) => part instanceof PyBytes))
      return new PyBytes(parts.map(({ latin1 }) => latin1).join(''));
    return parts.map((part) => (part instanceof PyBytes ? this.#toUnicode(part.latin1) : part)).join('');
  }

  /** What stands up to the closing quotation mark. In unicode texts, escapes are characters, and all else bytes. */
  #rest(quote: string, prefix: string): string | PyBytes {
    const [isRaw, isUnicode] = [prefix.includes('r'), prefix.includes('u')];
    let done = '';
    let bytes = '';
    const flush = (): void => {
      done += isUnicode ? this.#toUnicode(bytes) : bytes;
      bytes = '';
    };
    for (;;) {
      if (this.#at >= this.#text.length) throw this.fault('a text does not end');
      if (this.#text.startsWith(quote, this.#at)) {
        this.#at += quote.length;
        flush();
        return isUnicode ? done : new PyBytes(done);
      }
      const character = this.#peek();
      if (character === '\n' && quote.length === 1) throw this.fault('a text does not end on its line');
      this.#at += 1;
      if (character !== '\\') bytes += character;
      else if (isRaw) {
        bytes += `\\${this.#peek()}`;
        this.#at += 1;
      } else {
        flush();
        done += this.#escape(isUnicode);
      }
    }
  }

  #escape(isUnicode: boolean): string {
    if (this.#take('\n')) return '';
    const wide = isUnicode ? this.#match(WIDE) : undefined;
    if (wide !== undefined) return wideCharacter(Number.parseInt(wide.slice(1), 16));
    const known = escapeAt(this.#text, this.#at);
    if (!known) return '\\';
    this.#at = known.next;
    return String.fromCharCode(known.code);
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(wanted: string): boolean {
    if (!this.#text.startsWith(wanted, this.#at)) return false;
    this.#at += wanted.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Blanks, comments and continued lines; line ends too, between assignments and in brackets. */
  #skip(linesToo: boolean): void {
    const pattern = linesToo ? /(?:[ \t\f\n]|\\\n|#[^\n]*)*/y : /(?:[ \t\f]|\\\n|#[^\n]*)*/y;
    this.#match(pattern);
  }
}

function wideCharacter(code: number): string {
  return String.fromCodePoint(code <= 0x10ffff ? code : 0xfffd);
}

/** Undefined for what Python takes for infinite, which nobody means. */
function toNumber(text: string): PickleValue | undefined {
  const plain = text.replace(/[lL]$/, '');
  const number = /^[-+]?0[xX]/.test(plain) ? Number.parseInt(plain, 16) : Number(plain);
  if (!Number.isFinite(number)) return undefined;
  return /[.eE]/.test(plain) ? new PyFloat(number) : number;
}
