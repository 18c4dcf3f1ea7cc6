import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../src/message/addresses.ts';
import { composeMessage, formatDate, messagePart, multipart, textPart } from '../../src/message/compose.ts';
import { encodeHeader } from '../../src/message/encoded-words.ts';
import { Message } from '../../src/message/message.ts';
import { newMessageId } from '../../src/message/message-id.ts';
import { messageIdHash } from '../../src/message/message-id-hash.ts';
import { partText } from '../../src/message/text.ts';
import type { UtcTime } from '../../src/model/time.ts';
import { judge } from './python.ts';

const TIME = '2024-03-09T23:04:05.999999Z' as UtcTime;

test.each([
  [0, 'Sat, 09 Mar 2024 23:04:05 +0000'],
  [60, 'Sun, 10 Mar 2024 00:04:05 +0100'],
  [-570, 'Sat, 09 Mar 2024 13:34:05 -0930'],
])('a date at offset %i', (offset, expected) => {
  expect(formatDate(TIME, offset)).toBe(expected);
  expect(judge('return email.utils.parsedate_to_datetime(value).timestamp()', [expected])).toEqual([
    1710025445,
  ]);
});

test('Message-IDs differ and tell nothing', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newMessageId('lists.example.com')));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^<[0-9a-f]{40}@lists\.example\.com>$/);
  expect(newMessageId('x>\r\nBcc: y')).toMatch(/^<[0-9a-f]{40}@xBccy>$/);
});

test('the hash of a Message-ID is that of Mailman', () => {
  const ids = ['<ant>', 'ant', '<a@b>', '<>', '', '<caf\xe9@x>', '<half@x'];
  const expected = judge(
    `
inside = value[1:-1] if value.startswith('<') and value.endswith('>') else value
return base64.b32encode(hashlib.sha1(inside.encode('latin-1')).digest()).decode()`,
    ids,
  );
  expect(ids.map(messageIdHash)).toEqual(expected);
  // Mailman's documentation names this one.
  expect(messageIdHash('<87myycy5eh.fsf@uwakimon.sk.tsukuba.ac.jp>')).toBe(
    'JJIGKPKB6CVDX6B2CUG4IHAJRIQIOUTP',
  );
});

describe('notices', () => {
  const subject = 'Ihre Nachricht wartet auf Prüfung';
  const fields = [
    ['From', formatAddress({ address: 'ant-bounces@example.com', displayName: 'Grüße' }, 'iso-8859-1')],
    ['Subject', encodeHeader(subject, 'iso-8859-1')],
    ['MIME-Version', '1.0'],
  ] as const;

  test('text in the charset of the language', () => {
    const bytes = composeMessage(fields, textPart('Schöne Grüße\n', 'iso-8859-1'))
      .toBuffer()
      .toString('latin1');
    expect(bytes).not.toMatch(/[^\r]\n|[\x80-\xff]/);
    const [read] = judge<[string, string, string, number]>(
      `
message = email.message_from_bytes(value.encode('latin-1'))
subject = str(email.header.make_header(email.header.decode_header(message['Subject'])))
text = message.get_payload(decode=True).decode(message.get_content_charset()).replace('\\r\\n', '\\n')
return [subject, text, message.get_content_type(), len(message.get_all('MIME-Version'))]`,
      [bytes],
    );
    expect(read).toEqual([subject, 'Schöne Grüße\n', 'text/plain', 1]);
  });

  test('with the message that they are about, byte for byte', () => {
    const original = Message.parse(
      Buffer.from('Subject: x\r\nX: \xe9\r\n\r\n--===============\r\n8-bit \xe9\n\0', 'latin1'),
    );
    const notice = composeMessage(
      fields,
      multipart('mixed', [textPart('text', 'us-ascii'), messagePart(original)]),
    );
    const again = Message.parse(notice.toBuffer());
    const [text, attached] = again.root.children;
    expect(text && partText(text)).toBe('text');
    expect(attached?.headers.get('Content-Transfer-Encoding')).toBe('8bit');
    expect(attached?.body.equals(original.toBuffer())).toBe(true);
    expect(attached?.message?.headers.get('Subject')).toBe('x');
    const [types] = judge<string[]>(
      'return [part.get_content_type() for part in email.message_from_bytes(value.encode("latin-1")).walk()]',
      [notice.toBuffer().toString('latin1')],
    );
    expect(types).toEqual(['multipart/mixed', 'text/plain', 'message/rfc822', 'text/plain']);
  });

  test('a digest of messages', () => {
    const messages = ['one', 'two'].map((name) => Message.of([['Subject', name]], `${name}\n`));
    const inner = multipart(
      'digest',
      messages.map((message) => messagePart(message)),
    );
    const outer = multipart(
      'mixed',
      [textPart('masthead\n', 'us-ascii', [['Content-Description', 'Digest']]), inner],
      [],
      'End of Digest\r\n',
    );
    const again = Message.parse(composeMessage([['Subject', 'digest']], outer).toBuffer());
    const [masthead, digest] = again.root.children;
    expect(masthead?.headers.get('Content-Description')).toBe('Digest');
    expect(digest?.children.map((part) => part.message?.headers.get('Subject'))).toEqual(['one', 'two']);
    expect(again.toBuffer().toString()).toMatch(/--\r\nEnd of Digest\r\n$/);
  });
});
