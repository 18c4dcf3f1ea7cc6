import { expect, test } from 'vitest';
import { detectBounce } from '../../src/bounces/detect.ts';
import { Message } from '../../src/message/message.ts';
import { examples } from './examples.ts';

test.each(examples)('$name reports whom it should', ({ bytes, permanent, temporary, delivered }) => {
  expect(detectBounce(Message.parse(bytes))).toEqual({ permanent, temporary, delivered });
});

test.each(examples)('$name with CRLF reports the same', ({ bytes, permanent, temporary, delivered }) => {
  const crlf = Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  expect(detectBounce(Message.parse(crlf))).toEqual({ permanent, temporary, delivered });
});
