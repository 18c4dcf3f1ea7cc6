import { expect, test } from 'vitest';
import { MAX_FIELDS } from '../../src/message/header-section.ts';
import { Message } from '../../src/message/message.ts';
import { receivedMessage } from '../../src/mta/reception.ts';

test.each(['\r\n', '\r'])('however many header fields come, ended by %j, ours are read', (lineEnd) => {
  const flood = `X-MailFrom: forged@example.net${lineEnd}`.repeat(MAX_FIELDS * 2);
  const stored = receivedMessage(Buffer.from(`${flood}${lineEnd}Hello.${lineEnd}`), 'anne@example.org');
  const { headers, root } = Message.parse(stored);
  expect(headers.getAll('X-MailFrom')).toEqual(['anne@example.org']);
  expect(headers.getAll('Message-ID')).toHaveLength(1);
  expect(headers.getAll('Message-ID-Hash')).toHaveLength(1);
  expect(root.body.toString()).toBe('Hello.\r\n');
});

test('header fields that are added later are read too', () => {
  const flood = Array.from({ length: MAX_FIELDS * 2 }, (_, number) => `X-Many: ${number}\r\n`).join('');
  const message = Message.parse(receivedMessage(Buffer.from(`${flood}\r\nHello.\r\n`), ''));
  for (let count = 0; count < 100; count += 1)
    message.headers.append('X-BeenThere', `list${count}@example.com`);
  expect(Message.parse(message.toBuffer()).headers.getAll('X-BeenThere')).toHaveLength(100);
});

test("a mailbox's line before the headers goes", () => {
  const stored = receivedMessage(
    Buffer.from('From anne@example.com  Fri Mar 15 08:00:00 2024\r\nSubject: one\r\n\r\nFrom here on\r\n'),
    'anne@example.com',
  ).toString();
  expect(stored).toMatch(/^Subject: one\r\n/);
  expect(stored).toContain('\r\n\r\nFrom here on\r\n');
});

// Python's parser, and so Mailman, passes over such lines.
test.each([' dkim=pass header.d=bank.example', '\tX: y\r\n more', ': nobody'])(
  'a line among the headers that belongs to no field goes: %j',
  (line) => {
    const stored = receivedMessage(Buffer.from(`${line}\r\nSubject: one\r\n\r\nHello.\r\n`), '').toString();
    expect(stored).toMatch(/^Subject: one\r\n/);
    const { headers } = Message.parse(Buffer.from(stored));
    headers.prepend('Authentication-Results', 'lists.example.com; none');
    expect(headers.get('Authentication-Results')).toBe('lists.example.com; none');
  },
);
