import { describe, expect, test } from 'vitest';
import { removeApprovedLine } from '../../src/flow/approved.ts';
import { Message } from '../../src/message/message.ts';
import { partText } from '../../src/message/text.ts';

const REST = 'Straße und Größe, 日本語\n'.repeat(60_000);

function textMessage(encoding: string, body: string): Message {
  const headers = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return Message.parse(Buffer.from(headers + body));
}

const base64 = (text: string) =>
  Buffer.from(text)
    .toString('base64')
    .replace(/.{76}/g, (line) => `${line}\r\n`);

describe('the line Approved: of a text of more than 1 MB', () => {
  test.each([
    ['8bit', (text: string) => text.replaceAll('\n', '\r\n')],
    ['base64', base64],
    ['quoted-printable', (text: string) => text.replaceAll('=', '=3D').replaceAll('\n', '\r\n')],
  ])('is taken out, and nothing else: %s', (encoding, encode) => {
    const message = textMessage(encoding, encode(`\n \nApproved: secret\nFirst\n${REST}`));
    expect(removeApprovedLine(message)).toBe('secret');
    const again = Message.parse(message.toBuffer());
    expect(again.headers.get('Content-Transfer-Encoding')).toBe(encoding);
    expect(partText(again.root)).toBe(`\n \nFirst\n${REST}`);
  });

  test('vanishes from a large HTML part beside it', () => {
    const html = `<p>Approved: secret</p>${'<p>text</p>\r\n'.repeat(100_000)}`;
    const message = Message.parse(
      Buffer.from(
        'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nApproved: secret\r\nHi\r\n' +
          `--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--\r\n`,
      ),
    );
    expect(removeApprovedLine(message)).toBe('secret');
    expect(message.toBuffer().includes('secret')).toBe(false);
  });

  test('is looked for at the beginning only', () => {
    const message = textMessage('8bit', `${'\r\n'.repeat(100_000)}Approved: secret\r\n`);
    expect(removeApprovedLine(message)).toBeUndefined();
  });
});

describe('the line Approved: of a text with HTML beside it', () => {
  test.each([
    '<div>Approved: s&amp;cret</div><p>Hi</p>',
    '<p><b>Approved:</b>&nbsp;<span>s&amp;cret</span></p><p>Hi</p>',
    '<p>Approved: s&cret</p><p>Hi</p>',
  ])('vanishes from both: %s', (html) => {
    const message = Message.parse(
      Buffer.from(
        'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n' +
          'Content-Type: text/plain; charset=utf-8\r\n\r\nApproved:\u00a0s&cret\r\nHi\r\n' +
          `--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--\r\n`,
      ),
    );
    expect(removeApprovedLine(message)).toBe('s&cret');
    const left = message.toBuffer().toString();
    expect(left).not.toMatch(/cret/);
    expect(left).toContain('<p>Hi</p>');
  });
});
