import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detectBounce } from '../../src/bounces/detect.ts';
import { Message } from '../../src/message/message.ts';
import { isValidAddress } from '../../src/model/email-address.ts';
import { processorTime } from '../support/processor-time.ts';
import { runs } from '../support/properties.ts';
import { examples } from './examples.ts';

const seeds = examples.map(({ bytes }) => bytes);

/** Mails that look like bounces: pieces of real ones, cut and joined, with bytes changed. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
    fc.nat(),
    fc.nat(),
  )
  .map(([one, other, changes, cut, join]) => {
    const bytes = Buffer.concat([
      one.subarray(0, cut % (one.length + 1)),
      other.subarray(join % (other.length + 1)),
    ]);
    for (const [place, byte] of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte;
    return bytes;
  });

test('whatever comes, addresses are valid, few, and each is there once', () => {
  fc.assert(
    fc.property(mutated, (bytes) => {
      const { permanent, temporary, delivered } = detectBounce(Message.parse(bytes));
      const all = [...permanent, ...temporary, ...delivered];
      expect(all.every((address) => isValidAddress(address))).toBe(true);
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeLessThanOrEqual(3000);
    }),
    { numRuns: runs(3000) },
  );
});

const head = 'From: MAILER-DAEMON@example.net\r\nTo: ant-bounces@example.com\r\nSubject: Returned mail\r\n';
const status = `${head}Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n`;

/** 2 MB each. */
const floods: Readonly<Record<string, string>> = {
  'at signs': `${head}\r\n${'@'.repeat(2e6)}`,
  'lines of at signs': `${head}\r\n${`${'a@'.repeat(400)}\r\n`.repeat(2500)}`,
  brackets: `${head}\r\n${'<'.repeat(2e6)}`,
  'opened addresses': `${head}\r\nHi. This is the qmail-send program\r\n${'<a@b.example'.repeat(160_000)}`,
  'addresses in sections': `${head}\r\nThe following addresses had permanent fatal errors\r\n${'<u@example.net>\r\n'.repeat(110_000)}`,
  'beginnings of sections': `${head}\r\n${'The following addresses had permanent fatal errors\r\n'.repeat(38_000)}`,
  tags: `${head}Content-Type: text/html\r\n\r\n${'<a '.repeat(660_000)}`,
  'closing tags': `${head}Content-Type: text/html\r\n\r\n${'<br <br/>'.repeat(220_000)}`,
  blanks: `${head}\r\n${' '.repeat(2e6)}x@y.example`,
  'status lines': `${status}${'Final-Recipient: rfc822; u@example.net\r\nAction: failed\r\n\r\n'.repeat(33_000)}`,
  'folded status': `${status}Final-Recipient: rfc822;\r\n${' x\r\n'.repeat(500_000)}`,
  'one long field': `${status}Final-Recipient: rfc822; ${'+2B'.repeat(660_000)}@example.net\r\nAction: failed\r\n`,
  'failed recipients': `${head}X-Failed-Recipients: ${'a@example.net,\r\n '.repeat(110_000)}\r\n\r\n`,
  subject: `From: x@example.net\r\nSubject: ${'Re: '.repeat(500_000)}\r\n\r\n`,
};

test.each(Object.entries(floods))('2 MB of %s take no time to speak of', (_, mail) => {
  const message = Message.parse(Buffer.from(mail));
  const spent = processorTime();
  const { permanent } = detectBounce(message);
  expect(spent()).toBeLessThan(2000);
  expect(permanent.length).toBeLessThanOrEqual(1000);
});

test('a report may name a thousand recipients', () => {
  const recipients = Array.from(
    { length: 1500 },
    (_, n) => `Final-Recipient: rfc822; u${n}@example.net\r\nAction: failed\r\n\r\n`,
  );
  const { permanent } = detectBounce(Message.parse(Buffer.from(`${status}${recipients.join('')}--b--`)));
  expect([permanent.length, permanent.at(-1)]).toEqual([1000, 'u999@example.net']);
});
