import { TextDecoder } from 'node:util';
import { FerrymanError } from '../../src/errors.ts';
import { type PickleValue, PyBytes } from '../pickle/values.ts';

/** What a list's bytes are read with where its own charset fails: most such bytes came from Windows or from UTF-8 terminals. */
const FALLBACK_CHARSETS = ['utf-8', 'windows-1252'];

/** A text that was not in the charset of its list. */
export interface MisreadText {
  /** Where it stands: setting or member. */
  readonly where: string;
  /** What it was read with instead. */
  readonly charset: string;
  readonly text: string;
}

/** Turns the byte strings of one list into text, and remembers those that were not in its charset. */
export class TextDecoding {
  readonly charset: string;
  readonly misread: MisreadText[] = [];
  readonly #own: TextDecoder | undefined;
  readonly #fallbacks = FALLBACK_CHARSETS.map((name) => ({ name, decoder: strictDecoder(name) }));

  /** @throws FerrymanError where no such charset is known */
  constructor(charset: string) {
    this.charset = charset.toLowerCase();
    if (this.charset !== 'us-ascii') this.#own = strictDecoder(charset);
  }

  /** The text of a byte string or unicode string; undefined where the value is neither. */
  read(value: PickleValue | undefined, where: string): string | undefined {
    if (typeof value === 'string') return value;
    if (!(value instanceof PyBytes)) return undefined;
    if (isAscii(value.latin1) && !this.#isStateful()) return value.latin1;
    const text = this.strict(value);
    if (text !== undefined) return text;
    const bytes = value.toBuffer();
    for (const { name, decoder } of this.#fallbacks) {
      const guess = tryDecode(decoder, bytes);
      if (guess !== undefined) {
        this.misread.push({ where, charset: name, text: guess });
        return guess;
      }
    }
    const guess = new TextDecoder('windows-1252').decode(bytes);
    this.misread.push({ where, charset: 'windows-1252', text: guess });
    return guess;
  }

  /** The text of a byte string in the list's charset; undefined where its bytes are not in that charset. */
  strict(value: PyBytes): string | undefined {
    if (!this.#own) return isAscii(value.latin1) ? value.latin1 : undefined;
    return tryDecode(this.#own, value.toBuffer());
  }

  /** In ISO-2022 charsets ASCII bytes can mean something else. */
  #isStateful(): boolean {
    return this.charset.startsWith('iso-2022');
  }
}

function strictDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  } catch {
    throw new FerrymanError(
      `Unknown charset ${charset}; expected a name such as utf-8, iso-8859-1, euc-jp or koi8-r`,
    );
  }
}

function tryDecode(decoder: TextDecoder, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function isAscii(latin1: string): boolean {
  for (let index = 0; index < latin1.length; index += 1) {
    if (latin1.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}
