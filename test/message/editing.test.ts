import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textPart } from '../../src/message/compose.ts';
import { Headers } from '../../src/message/headers.ts';
import { Message } from '../../src/message/message.ts';
import { Part } from '../../src/message/part.ts';
import { replaceContent, wrapContent } from '../../src/message/reshape.ts';
import { partText, setPartText } from '../../src/message/text.ts';
import { walk } from '../../src/message/walk.ts';

const MAILS = new URL('../../fixtures/mail/', import.meta.url);
const names = readdirSync(MAILS).filter((name) => name.endsWith('.eml'));

function read(name: string): Buffer {
  return readFileSync(new URL(`${name}.eml`, MAILS));
}

function parse(text: string): Message {
  return Message.parse(Buffer.from(text, 'latin1'));
}

function lines(message: Message): string {
  return message.toBuffer().toString('latin1');
}

describe('a header that is added, changed or removed leaves all other bytes', () => {
  test.each(names)('%s', (name) => {
    const bytes = readFileSync(new URL(name, MAILS));
    const message = Message.parse(bytes);
    message.headers.append('X-Added', 'yes');
    expect(Message.parse(message.toBuffer()).headers.get('X-Added')).toBe('yes');
    message.headers.set('X-Added', 'no');
    message.headers.prepend('X-First', 'first');
    const again = Message.parse(message.toBuffer());
    expect(again.headers.get('X-Added')).toBe('no');
    expect(again.headers.get('X-First')).toBe('first');
    expect(again.root.body.equals(message.root.body)).toBe(true);
    again.headers.delete('X-Added');
    again.headers.delete('X-First');
    const complete = bytes.length === 0 || bytes.includes('\n\n') || bytes.includes('\r\n\r\n');
    if (complete || name === 'headers-only.eml') expect(again.toBuffer().equals(bytes)).toBe(true);
  });
});

describe('headers', () => {
  test('a value that it has already keeps its bytes', () => {
    const text = 'Subject:  folded\r\n  here\r\nTo: a\r\n\r\nx';
    const message = parse(text);
    message.headers.set('subject', 'folded  here');
    expect(lines(message)).toBe(text);
  });

  test('set replaces the first where it stands and drops the others', () => {
    const message = parse('A: 1\r\nB: 2\r\na: 3\r\n\r\n');
    message.headers.set('A', 'new');
    expect(lines(message)).toBe('A: new\r\nB: 2\r\n\r\n');
  });

  test('no value can bring in a header or a body', () => {
    const message = parse('\r\nbody');
    message.headers.append('Subject', 'a\r\nBcc: b\r\n\r\nc\rd\ne\0f\r\n');
    expect(lines(message)).toBe('Subject: a Bcc: b c d ef\r\n\r\nbody');
    expect(() => message.headers.append('X: y\r\nZ', '1')).toThrow(TypeError);
    expect(() => message.headers.append('', '1')).toThrow(TypeError);
  });

  test('new lines end as the others do', () => {
    const message = parse('A: 1\n\nbody\n');
    message.headers.append('B', `x ${'y '.repeat(60)}`);
    expect(lines(message)).not.toContain('\r');
    const withCrLf = parse('A: 1\r\n\r\nbody\n');
    withCrLf.headers.append('B', '2');
    expect(lines(withCrLf)).toBe('A: 1\r\nB: 2\r\n\r\nbody\n');
  });

  test('long values are folded at blanks and read back alike, with no blank-only line', () => {
    for (const value of [
      'word '.repeat(100).trim(),
      `${'x'.repeat(200)} y`,
      `a${' '.repeat(300)}b`,
      'z'.repeat(2000),
    ]) {
      const message = parse('\r\n');
      message.headers.append('X-Long', value);
      expect(Message.parse(message.toBuffer()).headers.get('X-Long')).toBe(value);
      expect(lines(message)).not.toMatch(/\n[ \t]+\r\n/);
    }
  });

  test('a UTF-8 value that ends in byte A0 is whole', () => {
    const message = Message.parse(Buffer.from('Subject: voilà\r\n\r\n'));
    expect(Buffer.from(message.headers.get('Subject') ?? '', 'latin1').toString()).toBe('voilà');
  });

  test('an mbox From line stays in front', () => {
    const message = Message.parse(read('from-line'));
    message.headers.prepend('Received', 'x');
    expect(lines(message)).toMatch(/^From anne.*\nReceived: x\nFrom: Anne/);
  });
});

describe('a part that is changed leaves the bytes of all others', () => {
  const nested = read('nested');

  test('every leaf of a nested mail', () => {
    const count = [...walk(Message.parse(nested))].length;
    expect(count).toBeGreaterThan(4);
    for (let changed = 0; changed < count; changed += 1) {
      const message = Message.parse(nested);
      const parts = [...walk(message)];
      const part = parts[changed];
      if (!part || part.isMultipart || part.message) continue;
      const before = parts.map(({ body }) => body);
      part.body = Buffer.from('changed\n');
      const after = [...walk(Message.parse(message.toBuffer()))];
      expect(after.length).toBe(count);
      expect(after[changed]?.body.toString()).toBe('changed\n');
      for (const [index, other] of after.entries())
        if (index !== changed && !other.isMultipart && !other.message)
          expect(before[index] && other.body.equals(before[index])).toBe(true);
    }
  });

  test('a change inside an attached message reaches the outside, without touch()', () => {
    const message = Message.parse(read('digest'));
    const [, second] = message.root.children;
    second?.message?.headers.set('Subject', 'changed');
    expect(lines(message)).toBe(
      read('digest').toString('latin1').replace('Subject: two', 'Subject: changed'),
    );
  });

  test('a part of a digest without a type is a message', () => {
    const [first] = Message.parse(read('digest')).root.children;
    expect(first?.contentType.subtype).toBe('rfc822');
    expect(first?.message?.headers.get('Subject')).toBe('one');
  });

  test('a message in base64 is read and stays in base64', () => {
    const message = Message.parse(read('base64-message'));
    expect(message.root.message?.headers.get('Subject')).toBe('inside');
    message.root.message?.headers.set('Subject', 'changed');
    const again = Message.parse(message.toBuffer());
    expect(again.root.message?.headers.get('Subject')).toBe('changed');
    expect(again.root.body.toString()).not.toContain('Subject');
  });

  test('parts are removed and added', () => {
    const text =
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nend';
    const message = parse(text);
    message.root.children.shift();
    message.root.touch();
    expect(lines(message)).toBe(text.replace('--b\r\n\r\none\r\n', ''));
    message.root.children.push(new Part(new Headers(), Buffer.from('three')));
    message.root.touch();
    expect(lines(message)).toBe(text.replace('one', 'two').replace('two\r\n--b--', 'three\r\n--b--'));
    message.root.children.unshift(new Part(new Headers(), Buffer.from('zero')));
    message.root.touch();
    expect(Message.parse(message.toBuffer()).root.children.map(({ body }) => body.toString())).toEqual([
      'zero',
      'two',
      'three',
    ]);
  });

  test('a part that grows between boundaries without line ends stays apart from them', () => {
    const message = Message.parse(read('adjacent-boundaries'));
    for (const child of message.root.children) child.body = Buffer.from('grown');
    const again = Message.parse(message.toBuffer());
    expect(again.root.children.map(({ body }) => body.toString())).toEqual(['grown', 'grown']);
  });

  test('a multipart that was never closed is closed when a part is added, not before', () => {
    const text = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none';
    const message = parse(text);
    message.root.touch();
    expect(lines(message)).toBe(text);
    message.root.children.push(textPart('two', 'us-ascii'));
    message.root.touch();
    const again = Message.parse(message.toBuffer());
    expect(again.root.children.map((part) => partText(part))).toEqual(['one', 'two']);
    expect(lines(message)).toMatch(/\r\n--b--\r\n$/);
  });

  test('a text cannot end its own part', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=-----\r\n\r\n-------\r\n\r\none\r\n---------\r\n',
    );
    const [part] = message.root.children;
    if (part) setPartText(part, 'above\n-------\nbelow\n');
    const [again] = Message.parse(message.toBuffer()).root.children;
    expect(again && partText(again)).toBe('above\n-------\nbelow\n');
  });

  test('a clone and its original do not share changes', () => {
    const message = Message.parse(nested);
    message.root.children[0]?.headers.append('X-Both', '1');
    const copy = message.clone();
    copy.root.children[0]?.headers.append('X-Copy', '1');
    message.root.children[0]?.headers.append('X-Original', '1');
    expect(copy.root.children[0]?.headers.fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['X-Both', 'X-Copy']),
    );
    expect(lines(copy)).not.toContain('X-Original');
    expect(lines(message)).not.toContain('X-Copy');
    expect(lines(copy)).toContain('X-Both');
  });
});

describe('reshaping', () => {
  test('a multipart with one part left becomes that part', () => {
    const message = parse(
      'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>\xe9\r\n--b--\r\n',
    );
    const [only] = message.root.children;
    if (only) replaceContent(message.root, only);
    expect(lines(message)).toBe(
      'Subject: x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>\xe9',
    );
  });

  test('a footer is wrapped around signed mail without a change to it', () => {
    const message = Message.parse(read('pgp-mime'));
    const signed = message.root.body;
    const { subtype } = message.root.contentType;
    wrapContent(message.root, [], [textPart('-- \nfooter\n', 'us-ascii')]);
    const again = Message.parse(message.toBuffer());
    expect(again.root.contentType.subtype).toBe('mixed');
    expect(again.root.children[0]?.contentType.subtype).toBe(subtype);
    expect(again.root.children[0]?.body.equals(signed)).toBe(true);
    expect(again.headers.getAll('Content-Type')).toHaveLength(1);
  });
});

describe('a part that was empty and gets a text stays a part', () => {
  test.each([
    ['behind a boundary that ends the message', '--b\r\n\r\none\r\n--b'],
    ['behind a boundary that ends in the middle of a line end', '--b\r\n\r\none\r\n--b\r'],
  ])('%s', (_, body) => {
    const message = parse(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${body}`);
    for (const part of message.root.children) setPartText(part, 'new');
    const again = Message.parse(message.toBuffer());
    expect(again.root.children.map((part) => partText(part))).toEqual(['new', 'new']);
  });

  test('in a digest, where it has neither headers nor the empty line behind them', () => {
    const message = parse('Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n--b--\r\n');
    const [part] = message.root.children;
    if (!part?.message) throw new Error('there is no message inside');
    setPartText(part.message, 'new');
    const [again] = Message.parse(message.toBuffer()).root.children;
    expect([again?.contentType.type, again?.message && partText(again.message)]).toEqual(['message', 'new']);
  });
});
