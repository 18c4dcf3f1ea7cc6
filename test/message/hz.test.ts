import { expect, test } from 'vitest';
import { decode, decodeStrict } from '../../src/message/charset.ts';

test.each([
  [
    'the example of RFC 1843',
    'The next sentence is in GB.~{<:Ky2;S{#,NpJ)l6HK!#~}Bye.',
    'The next sentence is in GB.己所不欲，勿施於人。Bye.',
  ],
  ['a line that is continued', '~{VP~}~\n~{ND~}', '中文'],
  ['a line end among characters, which returns to ASCII', '~{VP\nVP', '中\nVP'],
  ['a second octet that is a tilde', '~{!~~}', '〓'],
])('reads HZ: %s', (_, written, text) => {
  expect(decodeStrict(Buffer.from(written), 'HZ-GB-2312')).toBe(text);
});

test.each(['~x', '~{V~}', '~{VP~~ND~}', 'gr\xfcn', '~}a'])(
  'takes %j for no HZ, and shows what can be read',
  (written) => {
    const bytes = Buffer.from(written, 'latin1');
    expect(decodeStrict(bytes, 'hz-gb-2312')).toBeUndefined();
    expect(decode(bytes, 'hz-gb-2312')).toBe(written);
  },
);

test('reads a megabyte of runs that do not end in no long time', () => {
  const bytes = Buffer.from('~{A~{B'.repeat(180_000));
  const start = performance.now();
  decode(bytes, 'hz-gb-2312');
  expect(performance.now() - start).toBeLessThan(10_000);
});
