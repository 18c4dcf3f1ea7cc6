import { describe, expect, test } from 'vitest';
import { MAX_FIELDS } from '../../src/message/header-section.ts';
import { normalizeLineEnds } from '../../src/message/line-ends.ts';
import { Message } from '../../src/message/message.ts';
import { MAX_DEPTH, MAX_PARTS } from '../../src/message/part.ts';
import { firstPlainText, partText, walk } from '../../src/message/text.ts';
import { processorTime } from '../support/processor-time.ts';

const MEGABYTE = 1_000_000;

/** Time that a slow machine may take for work that needs a hundredth of it here. */
const PATIENCE = 4000;

function within<Result>(work: () => Result): Result {
  const spent = processorTime();
  const result = work();
  expect(spent()).toBeLessThan(PATIENCE);
  return result;
}

function parts(count: number): Buffer {
  return Buffer.from(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(count)}--b--\r\n`,
  );
}

function nest(depth: number): Buffer {
  let text = 'Subject: leaf\r\n\r\nleaf';
  for (let level = depth; level > 0; level -= 1)
    text = `Content-Type: multipart/mixed; boundary=b${level}x\r\n\r\n--b${level}x\r\n${text}\r\n--b${level}x--\r\n`;
  return Buffer.from(text);
}

describe('what is too much stays in one piece, and leaves as it came', () => {
  test('parts', () => {
    expect(Message.parse(parts(MAX_PARTS)).root.children).toHaveLength(MAX_PARTS);
    const more = Message.parse(parts(MAX_PARTS + 1));
    expect(more.root.children).toHaveLength(0);
    expect(more.root.isOpaque).toBe(true);
  });

  test('parts in all', () => {
    const inner = parts(600).toString().replaceAll('boundary=b', 'boundary=i').replaceAll('--b', '--i');
    const bytes = Buffer.from(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${inner}\r\n--b\r\n${inner}\r\n--b--\r\n`,
    );
    const all = [...walk(Message.parse(bytes))];
    expect(all.length).toBeLessThanOrEqual(MAX_PARTS);
    expect(all.filter((part) => part.isOpaque)).toHaveLength(1);
  });

  test('depth of multiparts', () => {
    const shallow = [...walk(Message.parse(nest(MAX_DEPTH)))];
    expect(shallow).toHaveLength(MAX_DEPTH + 1);
    expect(shallow.some((part) => part.isOpaque)).toBe(false);
    const bytes = nest(5000);
    const deep = within(() => [...walk(Message.parse(bytes))]);
    expect(deep).toHaveLength(MAX_DEPTH + 1);
    expect(deep.at(-1)?.isOpaque).toBe(true);
  });

  test('depth of attached messages', () => {
    const bytes = Buffer.from(`${'Content-Type: message/rfc822\r\n\r\n'.repeat(100_000)}x`);
    const deep = within(() => [...walk(Message.parse(bytes))]);
    expect(deep).toHaveLength(MAX_DEPTH + 1);
    expect(deep.at(-1)?.isOpaque).toBe(true);
  });

  test('header fields', () => {
    const bytes = Buffer.from(`${'X: y\r\n'.repeat(MAX_FIELDS * 3)}Subject: hidden\r\n\r\nbody`);
    const message = within(() => Message.parse(bytes));
    expect(message.headers.fields.length).toBeLessThanOrEqual(MAX_FIELDS + 1);
    expect(message.root.body.toString()).toBe('body');
    expect(message.toBuffer().equals(bytes)).toBe(true);
  });
});

describe('work grows with the size, whatever the mail is made of', () => {
  test('25 MB are parsed in a fifth of a second', () => {
    const line = `${'QUJD'.repeat(19)}\r\n`;
    const head =
      'Subject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n';
    const bytes = Buffer.from(`${head}${line.repeat(Math.ceil((25 * MEGABYTE) / line.length))}\r\n--b--\r\n`);
    const spent = processorTime();
    const message = Message.parse(bytes);
    const count = [...walk(message)].length;
    const copy = message.clone();
    const took = spent();
    expect([count, copy.root.children.length]).toEqual([3, 2]);
    expect(took).toBeLessThan(1000);
  });

  const hostile: readonly (readonly [string, string])[] = [
    ['one header line', `Subject: ${'x'.repeat(5 * MEGABYTE)}`],
    ['one header folded a million times', `Subject:${'\r\n x'.repeat(MEGABYTE)}`],
    ['a header of blanks', `Subject: a${' '.repeat(5 * MEGABYTE)}b`],
    ['a name without a colon', 'x'.repeat(5 * MEGABYTE)],
    ['parameters', `Content-Type: a/b${'; a="'.repeat(MEGABYTE)}`],
    ['parameters without values', `Content-Type: a/b${'; '.repeat(2 * MEGABYTE)}`],
    ['escapes', `Content-Type: a/b; x="${'\\"'.repeat(2 * MEGABYTE)}`],
    [
      'continued parameters',
      `Content-Type: a/b; ${Array.from({ length: 100_000 }, (_, n) => `x*${n}*=%41`).join('; ')}`,
    ],
    ['line ends', '\n'.repeat(5 * MEGABYTE)],
    ['carriage returns', '\r'.repeat(5 * MEGABYTE)],
    ['hyphens', `Content-Type: multipart/a; boundary=-\r\n\r\n${'-'.repeat(5 * MEGABYTE)}`],
    ['lines of hyphens', `Content-Type: multipart/a; boundary=x\r\n\r\n${'--\r\n'.repeat(MEGABYTE)}`],
    [
      'boundaries inside lines',
      `Content-Type: multipart/a; boundary=x\r\n\r\n--x ${' --x'.repeat(MEGABYTE)}`,
    ],
    [
      'boundary lines with blanks',
      `Content-Type: multipart/a; boundary=x\r\n\r\n${`--x${' '.repeat(5000)}y\r\n`.repeat(1000)}`,
    ],
    ['base64 paddings', `Content-Transfer-Encoding: base64\r\n\r\n${'='.repeat(5 * MEGABYTE)}`],
    [
      'quoted-printable blanks',
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=   '.repeat(MEGABYTE)}`,
    ],
    [
      'quoted-printable without end',
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n=${' '.repeat(5 * MEGABYTE)}`,
    ],
    ['uuencode', `Content-Transfer-Encoding: x-uuencode\r\n\r\n${'begin 644 x\nM\n'.repeat(300_000)}`],
    [
      'escape sequences',
      `Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${'\x1b$B$"\x1b(B'.repeat(300_000)}`,
    ],
  ];
  test.each(hostile)('%s', (_, text) => {
    const bytes = Buffer.from(text, 'latin1');
    within(() => {
      const message = Message.parse(bytes);
      for (const part of walk(message)) void partText(part);
      void firstPlainText(message, 100_000);
      void message.headers.get('Subject');
      message.headers.append('X-Copy', message.headers.get('Subject') ?? '');
      message.headers.delete('X-Copy');
      expect(message.toBuffer().equals(bytes) || text.endsWith('x')).toBe(true);
      void normalizeLineEnds(bytes);
    });
  });
});
