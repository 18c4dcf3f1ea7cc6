import { describe, expect, test } from 'vitest';
import { MAX_CONFIG_BYTES, parseConfig } from '../../src/config/parse.ts';

function parse(text: string | Uint8Array): Record<string, Record<string, string>> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const sections = parseConfig(bytes, 'x.cfg');
  return Object.fromEntries(
    [...sections].map(([name, { entries }]) => [
      name,
      Object.fromEntries([...entries].map(([key, { value }]) => [key, value])),
    ]),
  );
}

describe('syntax of the file', () => {
  test('colon and equals sign, with and without blanks; the first of them splits', () => {
    expect(parse('[a]\nb: 1\nc=2\nd : x=y\ne = http://host:80/\nf:\n')).toEqual({
      a: { b: '1', c: '2', d: 'x=y', e: 'http://host:80/', f: '' },
    });
  });

  test('comments take a whole line; a hash sign in a value stays', () => {
    expect(parse('# top\n[a]\n  # indented\nb: 1 # stays\n; also a comment\nc: 2;3\n')).toEqual({
      a: { b: '1 # stays', c: '2;3' },
    });
  });

  test('continuation lines keep the line break and lose the indentation', () => {
    expect(parse('[a]\nb:\n    one two\n\tthree\n    # not this\n    four: five\nc: 1\n')).toEqual({
      a: { b: '\none two\nthree\nfour: five', c: '1' },
    });
  });

  test('an empty line inside a value stays, one behind it does not', () => {
    expect(parse('[a]\nb: one\n\n  two\n\n\n[c]\nd: 1\n')).toEqual({ a: { b: 'one\n\ntwo' }, c: { d: '1' } });
  });

  test('a whole file that is indented reads the same', () => {
    expect(parse(' [a]\n b: 1\n c: 2\n   more\n\n [d.e]\n f: 3\n')).toEqual({
      a: { b: '1', c: '2\nmore' },
      'd.e': { f: '3' },
    });
  });

  test('byte order mark, Windows line ends, no line end at the end, letters outside ASCII', () => {
    expect(parse('\uFEFF[a]\r\nb: größe\r\n  日本\r\nc: 2')).toEqual({ a: { b: 'größe\n日本', c: '2' } });
  });

  test('keys are read in lower case; later sections add to earlier ones; the last value counts', () => {
    expect(parse('[ARC]\ndmARC: yes\n[b]\nx: 1\n[ARC]\ndmarc: no\ndkim: no\n')).toEqual({
      ARC: { dmarc: 'no', dkim: 'no' },
      b: { x: '1' },
    });
  });

  test('line numbers point at the key', () => {
    const sections = parseConfig(new TextEncoder().encode('\n[a]\n\nb:\n  1\nc: 2\n'), 'x.cfg');
    expect(sections.get('a')?.line).toBe(2);
    expect(sections.get('a')?.entries.get('b')?.line).toBe(4);
    expect(sections.get('a')?.entries.get('c')?.line).toBe(6);
  });
});

describe('what is no configuration', () => {
  test.each([
    ['text before a section', 'b: 1\n', 'x.cfg:1: found text before any section'],
    [
      'a line without a separator',
      '[mta]\nb: 1\nsmtp_host\n',
      'x.cfg:3: [mta]: found a line that is neither',
    ],
    ['an unclosed heading', '[mta]\n[web\n', 'x.cfg:2: [mta]: found a line that is neither'],
    ['a NUL byte', '[mta]\nb: \0\n', 'x.cfg:2: found a NUL byte'],
    [
      'bytes that are not UTF-8',
      Buffer.from('[mta]\nb: 1\nc: gr\xf6\xdfe\n', 'latin1'),
      'x.cfg:3: found bytes that are not UTF-8',
    ],
    ['a huge file', new Uint8Array(MAX_CONFIG_BYTES + 1), `x.cfg: found ${MAX_CONFIG_BYTES + 1} bytes`],
  ])('%s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
