import { describe, expect, test } from 'vitest';
import { characterWidth, displayWidth } from '../../src/templates/width.ts';
import { wrap, wrapLines } from '../../src/templates/wrap.ts';
import { judge } from '../message/python.ts';
import { processorTime } from '../support/processor-time.ts';

describe('wrapping', () => {
  const ten = { width: 10 };

  test.each([
    ['words go to the next line', ['words go', 'to the', 'next line']],
    ['exactly 10', ['exactly 10']],
    ['an-address@example.com is never broken', ['an-address@example.com', 'is never', 'broken']],
    ['', []],
    ['   ', []],
  ])('%j', (text, lines) => {
    expect(wrapLines(text, ten)).toEqual(lines);
  });

  test('lines of a paragraph are joined, paragraphs stay apart', () => {
    expect(wrap('one\ntwo\n\nthree\nfour', { width: 70 })).toBe('one two\n\nthree four');
  });

  test('indented lines stay as they are, whatever their length', () => {
    const text = `before\n    ${'indented '.repeat(12).trim()}\nafter\nit`;
    expect(wrap(text)).toBe(`before\n    ${'indented '.repeat(12).trim()}\nafter it`);
  });

  test('the line ends of other systems are line ends', () => {
    expect(wrap('one\r\ntwo\r\n\r\nthree\rfour\n')).toBe('one two\n\nthree four\n');
  });

  test('English sentences are set two blanks apart, abbreviations in capitals are not', () => {
    const english = { sentenceSpacing: true };
    expect(wrap('It is so. Is it?\nYes! He (J. S. Bach) said "no." Then', english)).toBe(
      'It is so.  Is it?  Yes!  He (J. S. Bach) said "no."  Then',
    );
    expect(wrap('It is so. Is it?')).toBe('It is so. Is it?');
  });

  test('Python wraps English in the same way', () => {
    const texts = [
      'The quick brown fox jumps over the lazy dog. '.repeat(12).trim(),
      'Short. And another one! With a question? "Quoted." End of it. '.repeat(8).trim(),
      `${'a '.repeat(200)}. b? C! ${'longer-than-anything-else@'.repeat(5)}example.com x.`,
    ];
    const expected = judge<string[]>(
      `import textwrap
return textwrap.wrap(value, 70, fix_sentence_endings=True, break_long_words=False, break_on_hyphens=False)`,
      texts,
    );
    expect(texts.map((text) => wrapLines(text, { sentenceSpacing: true }))).toEqual(expected);
  });

  describe('Japanese', () => {
    test('breaks between characters, each of which takes two columns', () => {
      expect(wrapLines('日本語の文章です', ten)).toEqual(['日本語の文', '章です']);
      expect(wrapLines('あいうえ abc かき', ten)).toEqual(['あいうえ', 'abc かき']);
    });

    test('begins no line with a mark that belongs to what is before it', () => {
      expect(wrapLines('あいうえお。かき', ten)).toEqual(['あいうえ', 'お。かき']);
      expect(wrapLines('あいうえお」。かき', ten)).toEqual(['あいうえ', 'お」。かき']);
      expect(wrapLines('あいうえキャー', ten)).toEqual(['あいうえ', 'キャー']);
    });

    test('ends no line with an opening bracket', () => {
      expect(wrapLines('あいうえ「おか」', ten)).toEqual(['あいうえ', '「おか」']);
    });

    test('joins lines without a blank, except beside Latin words', () => {
      expect(wrap('これは\n一つの段落\nABC と\nDEF\nです')).toBe('これは一つの段落 ABC と DEF です');
    });

    test('keeps marks with the character that they belong to', () => {
      expect(wrapLines('か\u3099か\u3099か\u3099', { width: 4 })).toEqual(['か\u3099か\u3099', 'か\u3099']);
    });
  });

  test('Korean breaks at blanks only', () => {
    expect(wrapLines('메일링리스트 관리자', ten)).toEqual(['메일링리스트', '관리자']);
  });

  test('a text made to keep it busy takes no time', () => {
    const spent = processorTime();
    wrap('。'.repeat(300_000));
    wrap('あ\n'.repeat(100_000));
    wrap('a.'.repeat(300_000), { sentenceSpacing: true });
    wrap(' \t'.repeat(300_000));
    expect(spent()).toBeLessThan(4000);
  });
});

describe('display width', () => {
  test('is that of East Asian terminals', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('日本語')).toBe(6);
    expect(displayWidth('ｱｲｳ')).toBe(3);
    expect(displayWidth('ＡＢＣ')).toBe(6);
    expect(displayWidth('Zürich')).toBe(6);
    expect(displayWidth('Zu\u0308rich')).toBe(6);
    expect(displayWidth('😀')).toBe(2);
  });

  test('Python finds the same characters wide', () => {
    const wide = judge<number[]>(
      `import unicodedata
return [n for n in range(*value) if unicodedata.east_asian_width(chr(n)) in 'WF' and unicodedata.category(chr(n)) not in ('Mn', 'Me', 'Cf', 'Cn')]`,
      [
        [0x20, 0xd800],
        [0xe000, 0x10000],
        [0x1b000, 0x1b300],
        [0x20000, 0x20400],
      ],
    ).flat();
    const narrow = wide.filter((number) => characterWidth(String.fromCodePoint(number)) !== 2);
    expect(narrow.map((number) => number.toString(16))).toEqual([]);
  });

  test('and the same characters narrow', () => {
    const narrow = judge<number[]>(
      `import unicodedata
return [n for n in range(*value) if unicodedata.east_asian_width(chr(n)) in ('N', 'Na', 'H', 'A') and unicodedata.category(chr(n)) not in ('Cn', 'Mn', 'Me', 'Cf', 'Cc', 'Co')]`,
      [
        [0x20, 0xd800],
        [0xe000, 0x10000],
      ],
    ).flat();
    const wide = narrow.filter((number) => characterWidth(String.fromCodePoint(number)) === 2);
    expect(wide.map((number) => number.toString(16))).toEqual([]);
  });
});
