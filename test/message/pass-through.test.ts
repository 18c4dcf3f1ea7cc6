import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Message } from '../../src/message/message.ts';
import type { Part } from '../../src/message/part.ts';
import { runs } from '../support/properties.ts';

const MAILS = new URL('../../fixtures/mail/', import.meta.url);

/** Looks at everything, so that whatever is lazy has been taken apart. */
function lookAtAll(part: Part): number {
  let count = 1;
  for (const child of part.children) count += lookAtAll(child);
  if (part.message) count += lookAtAll(part.message);
  return count;
}

/** Has every part put together anew without a change. */
function touchAll(part: Part): void {
  for (const child of part.children) touchAll(child);
  if (part.message) touchAll(part.message);
  part.touch();
}

function expectUnchanged(bytes: Uint8Array): void {
  const message = Message.parse(bytes);
  lookAtAll(message.root);
  expect(message.toBuffer().equals(bytes)).toBe(true);
  expect(message.clone().toBuffer().equals(bytes)).toBe(true);
}

/** Text that looks like mail: headers, boundaries, line ends of all kinds, in any order. */
const mailish = fc
  .array(
    fc.constantFrom(
      'Subject: a',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: multipart/digest; boundary="c"',
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      '--b',
      '--b--',
      '--c',
      '--c--',
      '--b ',
      '\r\n',
      '\r\n',
      '\n',
      '\n\n',
      '\r',
      '\r\n\r\n',
      ' folded',
      '\t',
      ':',
      'From a@b Thu Mar 14',
      'no header',
      '\0',
      '\xff\xfe',
      '',
    ),
    { maxLength: 60 },
  )
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

describe('what nobody changed leaves as it came', () => {
  test.each(readdirSync(MAILS).filter((name) => name.endsWith('.eml')))('%s', (name) => {
    const bytes = readFileSync(new URL(name, MAILS));
    expectUnchanged(bytes);
    const message = Message.parse(bytes);
    touchAll(message.root);
    expect(message.toBuffer().equals(bytes)).toBe(true);
  });

  test('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectUnchanged), { numRuns: runs(500) });
  });

  test('anything that looks like mail', () => {
    fc.assert(fc.property(mailish, expectUnchanged), { numRuns: runs(3000) });
  });

  test('anything that looks like mail, put together anew', () => {
    const putTogether = (bytes: Buffer): void => {
      const message = Message.parse(bytes);
      touchAll(message.root);
      expect(message.toBuffer().toString('latin1')).toBe(bytes.toString('latin1'));
    };
    const without64 = mailish.filter((bytes) => !bytes.includes('base64'));
    fc.assert(fc.property(without64, putTogether), { numRuns: runs(3000) });
  });
});
