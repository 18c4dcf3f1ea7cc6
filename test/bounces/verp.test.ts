import { expect, test } from 'vitest';
import { readBounceAddress } from '../../src/bounces/verp.ts';
import { compilePythonRegExp } from '../../src/config/regexp.ts';
import { Message } from '../../src/message/message.ts';
import { verpSender } from '../../src/mta/envelope-sender.ts';
import { sampleList } from '../database/samples.ts';
import { processorTime } from '../support/processor-time.ts';
import { defaultConfig } from '../support/services.ts';

const config = defaultConfig();
const TOKEN = 'a1'.repeat(20);

function read(listName: string, headers: readonly (readonly [string, string])[], extension?: string) {
  const metadata = extension === undefined ? {} : { extension };
  return readBounceAddress(config, sampleList(listName), Message.of(headers, ''), metadata);
}

test.each([
  ['ant', 'bart@example.net'],
  ['ant', 'fritz+lists@example.com'],
  ["o'hara", "hannah.o'hara@sub.example.org"],
  ['c++-users.v2', 'anna@example.com'],
  ['a-bounces', 'anna@example.com'],
  ['ant', 'srs0=x1=ab=example.net=anna@example.com'],
  ['ant', 'anna@bücher.example'],
  ['ant', 'jörg@bücher.example'],
])('what delivery to a member of %s writes is read again: %s', (listName, recipient) => {
  const sender = verpSender(`${listName}-bounces@example.com`, recipient, config.mta.verp_format);
  expect(read(listName, [['To', `Somebody <${sender}>`]])).toEqual({ verp: recipient });
});

test('a sender names an international domain in ASCII, so that no mail server needs SMTPUTF8 for it', () => {
  const sender = verpSender('ant-bounces@example.com', 'anna@bücher.example', config.mta.verp_format);
  // RFC 5891: what Python's codec idna gives.
  expect(sender).toBe('ant-bounces+anna=xn--bcher-kva.example@example.com');
});

test('a probe is told from a recipient', () => {
  expect(read('ant', [], TOKEN)).toEqual({ probeToken: TOKEN });
  expect(read('c++', [['To', `c++-bounces+${TOKEN}@example.com`]])).toEqual({ probeToken: TOKEN });
  expect(read('ant', [], 'bart')).toEqual({});
});

test('a site may have a form of its own', () => {
  const mta = {
    ...config.mta,
    verp_delimiter: '=',
    verp_regexp: compilePythonRegExp('^(?P<bounces>[^=]+)=(?P<local>[^#]+)#(?P<domain>[^@]+)@.*$', 'i'),
  };
  const message = Message.of([['To', 'ant-bounces=bart#example.net@example.com']], '');
  expect(readBounceAddress({ ...config, mta }, sampleList('ant'), message, {})).toEqual({
    verp: 'bart@example.net',
  });
});

test('ten thousand recipients in To take no time', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => `ant-bounces+a${'+'.repeat(20)}${n}@example.com`);
  const spent = processorTime();
  read('ant', [
    ['To', many.join(', ')],
    ['Delivered-To', `${'ant-bounces+'.repeat(50_000)}`],
  ]);
  expect(spent()).toBeLessThan(1000);
});
