/** A regular expression written for Python, in the syntax of two other engines. Flags stand inside, except `i`. */
export interface TranslatedRegExp {
  /** For RE2; what RE2 does not know is left as it is, so that it refuses it. */
  readonly re2: string;
  /** For JavaScript with the flag `u`. */
  readonly javascript: string;
  /** Whether the flag `i` stands at the start. */
  readonly ignoreCase: boolean;
}

interface Dialect {
  /** One character by its number. */
  readonly character: (code: number) => string;
  readonly start: string;
  readonly end: string;
  /** `$` without the flag `m`: the end, or before the last line break. */
  readonly lastLine: string;
  readonly lineStart: string;
  readonly lineEnd: string;
  readonly boundary: string;
  readonly noBoundary: string;
  readonly group: (name: string) => string;
}

const WORD = '\\p{L}\\p{N}_';

const RE2: Dialect = {
  character: (code) => `\\x{${code.toString(16)}}`,
  start: '\\A',
  end: '\\z',
  lastLine: '(?:\\n?\\z)',
  lineStart: '(?m:^)',
  lineEnd: '(?m:$)',
  boundary: '\\b',
  noBoundary: '\\B',
  group: (name) => `(?P<${name}>`,
};

const JAVASCRIPT: Dialect = {
  character: (code) => `\\u{${code.toString(16)}}`,
  start: '(?<![\\s\\S])',
  end: '(?![\\s\\S])',
  lastLine: '(?=\\n?(?![\\s\\S]))',
  lineStart: '(?<![^\\n])',
  lineEnd: '(?![^\\n])',
  // What is not so, because the engine compiles a row of alternatives in time that doubles with each.
  boundary: `(?!(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
  noBoundary: `(?!(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  group: (name) => `(?<${name}>`,
};

/** Python's classes know all of Unicode. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: WORD,
  s: '\\t-\\r\\x1c-\\x20\\x{85}\\p{Z}',
};

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const GLOBAL_FLAGS = /\(\?([aiLmsux]+)\)/;

const TOKEN =
  /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|0[0-7]{0,2}|[0-3][0-7]{2}|[1-9]\d?|[\s\S])|\(\?P<\w+>|\(\?P=\w+\)|\(\?#[^)]*\)|\(\?[aiLmsux]+\)|\(\?(?:[:=!]|<[=!])|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\{(?:\d+(?:,\d*)?|,\d*)\}|[\s\S]/gu;

/** Translates a regular expression of Python 2 or 3. Whether it is a valid one shows when it is compiled. */
export function translatePythonRegExp(source: string): TranslatedRegExp {
  const flags = GLOBAL_FLAGS.exec(source)?.[1] ?? '';
  return {
    re2: translate(source, flags, RE2),
    javascript: translate(source, flags, JAVASCRIPT).replace(/\\x\{/g, '\\u{'),
    ignoreCase: flags.includes('i'),
  };
}

function translate(source: string, flags: string, dialect: Dialect): string {
  const written = flags.includes('x') ? withoutLayout(source) : source;
  const ofToken = (token: string): string => {
    if (token.startsWith('\\')) return plainEscape(token, dialect);
    if (token.startsWith('[') && token.length > 1) return characterClass(token, dialect);
    if (token.startsWith('(?P<')) return dialect.group(token.slice(4, -1));
    if (token.startsWith('(?P=')) return `\\k<${token.slice(4, -1)}>`;
    if (token.startsWith('(?#') || GLOBAL_FLAGS.test(token)) return '';
    if (/^\{,/.test(token)) return `{0${token.slice(1)}`;
    switch (token) {
      case '^':
        return flags.includes('m') ? dialect.lineStart : dialect.start;
      case '$':
        return flags.includes('m') ? dialect.lineEnd : dialect.lastLine;
      case '.':
        return flags.includes('s') ? '[\\s\\S]' : '[^\\n]';
      case '{':
      case '}':
      case ']':
        return `\\${token}`;
      default:
        return token;
    }
  };
  return (written.match(TOKEN) ?? []).map(ofToken).join('');
}

/** An escape outside of a class. Python 2 took an unknown letter as it stands. */
function plainEscape(token: string, dialect: Dialect): string {
  const letter = token.charAt(1);
  const lower = CLASSES[letter.toLowerCase()];
  if (token.length === 2) {
    if (letter === 'A') return dialect.start;
    if (letter === 'Z') return dialect.end;
    if (letter === 'b') return dialect.boundary;
    if (letter === 'B') return dialect.noBoundary;
    if (lower !== undefined) return `[${letter === letter.toLowerCase() ? '' : '^'}${lower}]`;
  }
  if (/^\\[1-9]\d?$/.test(token)) return `${token}(?:)`;
  return characterEscape(token, dialect);
}

function characterEscape(token: string, dialect: Dialect): string {
  const rest = token.slice(1);
  if (/^[xuU]./.test(rest)) return dialect.character(Number.parseInt(rest.slice(1), 16));
  if (/^[0-7]/.test(rest)) return dialect.character(Number.parseInt(rest, 8));
  return dialect.character(CONTROLS[rest] ?? rest.codePointAt(0) ?? 0);
}

const CLASS_TOKEN = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])|[\s\S]/gu;

function characterClass(token: string, dialect: Dialect): string {
  const negated = token.startsWith('[^');
  const inner = token.slice(negated ? 2 : 1, -1);
  const members = (inner.match(CLASS_TOKEN) ?? []).map((member) => {
    if (member === '\\b') return dialect.character(8);
    const escaped = member.charAt(1);
    const known = member.startsWith('\\') ? CLASSES[escaped.toLowerCase()] : undefined;
    if (known !== undefined) return escaped === escaped.toLowerCase() ? known : `\\${escaped}`;
    if (member.startsWith('\\')) return characterEscape(member, dialect);
    return /[[\]^]/.test(member) ? `\\${member}` : member;
  });
  return `[${negated ? '^' : ''}${members.join('')}]`;
}

/** The flag `x`: white space and comments count only in classes and after a backslash. */
function withoutLayout(source: string): string {
  return source.replace(
    /(\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\])|\s+|#.*/g,
    (_, kept?: string) => kept ?? '',
  );
}
