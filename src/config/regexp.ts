const INLINE_FLAGS = /^\(\?([ims]+)\)/;

/**
 * Compiles a regular expression written for Python: named groups, their back references, `\A` and `\Z`, and flags at
 * the start. Throws SyntaxError when it is not valid or uses something JavaScript does not have.
 */
export function compilePythonRegExp(source: string, flags = ''): RegExp {
  const inline = INLINE_FLAGS.exec(source)?.[1] ?? '';
  const body = source
    .replace(INLINE_FLAGS, '')
    .replace(/\\[\s\S]|\(\?P<|\(\?P=(\w+)\)/g, (piece, reference: string | undefined) => {
      if (piece === '(?P<') return '(?<';
      if (reference !== undefined) return `\\k<${reference}>`;
      // Python's anchors ignore the m flag, so `^` and `$` would not do.
      if (piece === '\\A') return '(?<![\\s\\S])';
      if (piece === '\\Z') return '(?![\\s\\S])';
      return piece;
    });
  return new RegExp(body, [...new Set(flags + inline)].join(''));
}
