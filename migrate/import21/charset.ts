import { TextDecoder } from 'node:util';
import { FerrymanError } from '../../src/errors.ts';
import { cleanText } from '../../src/model/text.ts';
import { type PickleValue, PyBytes } from '../pickle/values.ts';

/** What a list's bytes are read with where its own charset fails: most such bytes came from Windows or from UTF-8 terminals. */
const FALLBACK_CHARSETS = ['utf-8', 'windows-1252'];

/** Where ASCII bytes can be part of other characters. */
const NOT_ASCII_BASED = /^(?:iso-2022|utf-16|hz-)/;

/** Bytes without a character in ISO 8859, which browsers read as the Windows charset beside it. */
const WINDOWS_ONLY = /[\x80-\x9f]/;

/** A text that could not be taken over as it was. */
export interface MisreadText {
  /** Where it stands: setting or member. */
  readonly where: string;
  /** What is wrong with it, and what was done. */
  readonly problem: string;
  /** What it was read as; undefined where it is a secret. */
  readonly text: string | undefined;
}

/** Turns the byte strings of one list into text, and remembers those that were not in its charset. */
export class TextDecoding {
  readonly charset: string;
  readonly misread: MisreadText[] = [];
  /** None for ASCII, which the decoders of the platform take for a Windows charset. */
  readonly #own: TextDecoder | undefined;
  readonly #isAsciiBased: boolean;
  readonly #hasWindowsTwin: boolean;
  readonly #fallbacks = FALLBACK_CHARSETS.map((name) => ({ name, decoder: strictDecoder(name) }));

  /** @throws FerrymanError where no such charset is known */
  constructor(charset: string) {
    this.charset = charset.trim().toLowerCase();
    if (!/^(?:us-)?ascii$/.test(this.charset)) this.#own = strictDecoder(this.charset);
    this.#isAsciiBased = !NOT_ASCII_BASED.test(this.charset);
    this.#hasWindowsTwin =
      /^(?:iso-?8859|latin)/.test(this.charset) && this.#own?.encoding.startsWith('windows') === true;
  }

  /** The text of a byte string or unicode string, as it can be stored; undefined where the value is neither. */
  read(value: PickleValue | undefined, where: string, isSecret = false): string | undefined {
    const note = (problem: string, text: string): void => {
      this.misread.push({ where, problem, text: isSecret ? undefined : text });
    };
    if (typeof value === 'string') return clean(value, note);
    if (!(value instanceof PyBytes)) return undefined;
    return clean(this.strict(value) ?? this.#guess(value, note), note);
  }

  /** The text of a byte string in the list's charset; undefined where its bytes are not in that charset. */
  strict(value: PyBytes): string | undefined {
    const { latin1 } = value;
    if (this.#isAsciiBased && isAscii(latin1)) return latin1;
    if (!this.#own || (this.#hasWindowsTwin && WINDOWS_ONLY.test(latin1))) return undefined;
    return tryDecode(this.#own, value.toBuffer());
  }

  #guess(value: PyBytes, note: NoteProblem): string {
    const bytes = value.toBuffer();
    for (const { name, decoder } of this.#fallbacks) {
      const text = tryDecode(decoder, bytes);
      if (text === undefined) continue;
      note(`not in ${this.charset}; read as ${name}`, text);
      return text;
    }
    return value.latin1;
  }
}

type NoteProblem = (problem: string, text: string) => void;

function clean(text: string, note: NoteProblem): string {
  const cleaned = cleanText(text);
  if (cleaned !== text) note('holds what is no character; replaced by U+FFFD', cleaned);
  return cleaned;
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
