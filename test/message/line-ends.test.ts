import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineEndOf, normalizeLineEnds } from '../../src/message/line-ends.ts';
import { runs } from '../support/properties.ts';

test.each([
  ['', ''],
  ['a', 'a'],
  ['a\r\nb\r\n', 'a\r\nb\r\n'],
  ['a\nb\n', 'a\r\nb\r\n'],
  ['a\rb\r', 'a\r\nb\r\n'],
  ['a\r\r\nb', 'a\r\n\r\nb'],
  ['a\n\rb', 'a\r\n\r\nb'],
  ['\r\n.\r\n', '\r\n.\r\n'],
  ['\n.\n', '\r\n.\r\n'],
])('%j becomes %j', (given, expected) => {
  expect(normalizeLineEnds(Buffer.from(given)).toString()).toBe(expected);
});

test('every line ends with CRLF, and nothing else is changed', () => {
  const bytes = fc.array(fc.constantFrom('\r', '\n', '\r\n', 'a', '\xff'), { maxLength: 30 });
  fc.assert(
    fc.property(bytes, (pieces) => {
      const given = pieces.join('');
      const normal = normalizeLineEnds(Buffer.from(given, 'latin1')).toString('latin1');
      expect(normal).toBe(given.replace(/\r\n|\r|\n/g, '\r\n'));
      expect(normalizeLineEnds(Buffer.from(normal, 'latin1')).toString('latin1')).toBe(normal);
    }),
    { numRuns: runs(500) },
  );
});

test('the first line says how lines end', () => {
  expect(lineEndOf(Buffer.from('a\r\nb\n'))).toBe('\r\n');
  expect(lineEndOf(Buffer.from('a\nb\r\n'))).toBe('\n');
  expect(lineEndOf(Buffer.from('a\rb'))).toBeUndefined();
});
