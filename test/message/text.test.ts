import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partExtension, partFileName } from '../../src/message/file-name.ts';
import { flowedFormat, unflow } from '../../src/message/format-flowed.ts';
import { Message } from '../../src/message/message.ts';
import { formatParameter, parseParameters } from '../../src/message/parameters.ts';
import {
  firstPlainText,
  partBytes,
  partText,
  setPartText,
  strictPartText,
  walk,
} from '../../src/message/text.ts';
import { decodeQuotedPrintable, encodeQuotedPrintable } from '../../src/message/transfer-encoding.ts';
import { runs } from '../support/properties.ts';
import { judge } from './python.ts';

function read(name: string): Message {
  return Message.parse(readFileSync(new URL(`../../fixtures/mail/${name}.eml`, import.meta.url)));
}

function parse(text: string): Message {
  return Message.parse(Buffer.from(text, 'latin1'));
}

/** The first text/plain part, as Python reads it. */
const FIRST_TEXT = `
message = email.message_from_bytes(value.encode('latin-1'))
for part in message.walk():
    if part.get_content_type() == 'text/plain':
        charset = part.get_content_charset('us-ascii')
        return part.get_payload(decode=True).decode(charset).replace('\\r\\n', '\\n')
return None`;

describe('reading text as Python does', () => {
  const names = [
    'crlf',
    'nested',
    'alternative',
    'euc-jp-8bit',
    'utf8-base64',
    'latin1-qp',
    'flowed',
    'iso-2022-jp',
    'attached-message',
    'pgp-mime',
    'digest',
    'calendar',
    'headers-only',
  ];
  const expected = judge<string | null>(
    FIRST_TEXT,
    names.map((name) => read(name).toBuffer().toString('latin1')),
  );
  test.each(names.map((name, index) => [name, expected[index] ?? undefined] as const))('%s', (name, text) => {
    expect(firstPlainText(read(name), 100_000)).toBe(text);
  });
});

describe('reading text that is not what it says', () => {
  test.each([
    ['no-charset-8bit', undefined],
    ['wrong-charset', undefined],
    ['unknown-charset', undefined],
    ['utf8-base64', 'strict'],
    ['euc-jp-8bit', 'strict'],
  ])('%s', (name, strict) => {
    const { root } = read(name);
    expect(strictPartText(root) === undefined).toBe(strict === undefined);
    expect(partText(root)).not.toContain('\uFFFD');
  });

  test.each([
    ['base64', 'SGVs\r\nbG8*!\r\n gd29y\r\nbGQ', 'Hello world'],
    ['base64', 'SGVsbG8=IHdvcmxk', 'Hello world'],
    ['BASE64 (comment)', 'SGVsbG8=\r\n\r\nSent by a free mailer', 'Hello'],
    ['quoted-printable', 'a=\r\nb=3Dc=3dd=E9=zz=\r\n', 'ab=c=d\xe9=zz'],
    ['quoted-printable', 'trailing = \t\r\nblank=20', 'trailing blank '],
    ['quoted-printable', 'end=', 'end'],
    ['8bit', 'a=3D', 'a=3D'],
    ['unheard-of', 'a=3D', 'a=3D'],
    ['x-uuencode', 'begin 644 x\n#0V%T\n`\nend\n', 'Cat'],
  ])('%s %j', (encoding, body, expected) => {
    const bytes = partBytes(parse(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`).root);
    expect(bytes.toString('latin1').startsWith(expected)).toBe(true);
    if (!body.includes('free mailer')) expect(bytes.toString('latin1')).toBe(expected);
  });
});

describe('quoted-printable', () => {
  const texts = fc.sample(
    fc.array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 90 }),
        fc.constantFrom('From here', '.', '..x', ' ', 'a\t', '=', 'é'.repeat(80)),
      ),
      { maxLength: 5 },
    ),
    { numRuns: runs(400) },
  );
  test('is read back by us and by Python, in lines of 76', () => {
    const sources = texts.map((lines) =>
      Buffer.from(lines.map((line) => line.replace(/[\r\n]/g, '')).join('\n')),
    );
    const written = sources.map((source) => encodeQuotedPrintable(source, '\n'));
    const byPython = judge<string>(
      'return quopri.decodestring(value.encode("ascii")).decode("latin-1")',
      written,
    );
    for (const [index, source] of sources.entries()) {
      const text = written[index] ?? '';
      expect(decodeQuotedPrintable(Buffer.from(text)).equals(source)).toBe(true);
      expect(byPython[index]).toBe(source.toString('latin1'));
      expect(text).toMatch(/^[\t\n -~]*$/);
      expect(text).not.toMatch(/[ \t]$/m);
      for (const line of text.split('\n')) {
        expect(line.length).toBeLessThanOrEqual(76);
        expect(line.startsWith('From ') || line === '.').toBe(false);
      }
    }
  });
});

describe('replacing text', () => {
  test.each([
    ['ascii', 'us-ascii', 'us-ascii', '7bit', 'new text\n'],
    ['latin', 'iso-8859-1', 'iso-8859-1', 'quoted-printable', 'Grüße\n'],
    ['utf-8', 'utf-8', 'utf-8', 'quoted-printable', 'Grüße\n'],
    ['more than the charset has', 'us-ascii', 'utf-8', 'quoted-printable', 'Grüße\n'],
    ['iso-2022-jp', 'iso-2022-jp', 'iso-2022-jp', '7bit', '日本語\n'],
    ['euc-jp goes out as iso-2022-jp', 'euc-jp', 'iso-2022-jp', '7bit', '日本語\n'],
    ['mostly not ASCII', 'utf-8', 'utf-8', 'base64', 'Привет мир '.repeat(30)],
    ['a long line', 'us-ascii', 'us-ascii', 'quoted-printable', 'x'.repeat(2000)],
    ['a NUL', 'us-ascii', 'us-ascii', 'quoted-printable', 'a\0b'],
  ])('%s', (_, charset, label, encoding, text) => {
    const message = parse(`Subject: x\r\n\r\nold\r\n`);
    setPartText(message.root, text, charset);
    const bytes = message.toBuffer().toString('latin1');
    const again = parse(bytes);
    expect(again.headers.get('Content-Type')).toBe(`text/plain; charset="${label}"`);
    expect(again.headers.get('Content-Transfer-Encoding')).toBe(encoding);
    expect(again.headers.get('MIME-Version')).toBe('1.0');
    expect(strictPartText(again.root)).toBe(text);
    expect(judge<string>(FIRST_TEXT, [bytes])).toEqual([text]);
  });

  test('format=flowed stays, and so does the transfer encoding', () => {
    const message = parse(
      'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\nContent-Transfer-Encoding: base64\r\n\r\nb2xk\r\n',
    );
    setPartText(message.root, 'plain', 'us-ascii');
    expect(message.headers.get('Content-Type')).toBe(
      'text/plain; charset="us-ascii"; format=flowed; delsp=yes',
    );
    expect(message.headers.get('Content-Transfer-Encoding')).toBe('base64');
    expect(partText(message.root)).toBe('plain');
  });

  test('a header that need not change keeps its bytes', () => {
    const message = parse(
      'MIME-Version: 1.0\r\nContent-Type:  text/plain;charset=US-ASCII\r\nContent-Transfer-Encoding: 7bit\r\n\r\nold\r\n',
    );
    setPartText(message.root, 'new\n');
    expect(message.toBuffer().toString()).toBe(
      'MIME-Version: 1.0\r\nContent-Type:  text/plain;charset=US-ASCII\r\nContent-Transfer-Encoding: 7bit\r\n\r\nnew\r\n',
    );
  });

  test('any text in any charset is read back', () => {
    const charsets = [
      'us-ascii',
      'utf-8',
      'iso-8859-1',
      'iso-2022-jp',
      'euc-jp',
      'gb2312',
      'koi8-r',
      'x-nobody',
    ];
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom(...charsets),
        (text, charset) => {
          const message = parse('\r\n');
          setPartText(message.root, text, charset);
          const body = Message.parse(message.toBuffer()).root;
          expect(partText(body)).toBe(text.toWellFormed().replaceAll('\r\n', '\n'));
        },
      ),
      { numRuns: runs(800) },
    );
  });
});

describe('parameters', () => {
  const values = [
    'text/plain; charset=utf-8',
    'text/plain; charset="utf-8"; format=flowed',
    'text/plain;CHARSET=UTF-8',
    'a/b; name="semi;colon"; x=y',
    'a/b; name="quote\\"d"',
    'a/b; name=with blank.txt',
    "a/b; name*=utf-8''Gr%C3%BC%C3%9Fe.txt",
    'a/b; name*0*=utf-8\'\'Gr%C3%BC; name*1*=%C3%9Fe; name*2=".txt"',
    'a/b; name*0="one"; name*1="two"',
    "a/b; name*=iso-8859-1'de'Gr%FC%DFe",
    'a/b',
    'a/b;',
    'a/b; ;name=x',
    'a/b; name=',
  ];
  const expected = judge<[string, string][]>(
    `
message = email.message_from_string('Content-Type: ' + value + '\\n\\n')
pairs = message.get_params()[1:]
return [[name.lower(), email.utils.collapse_rfc2231_value(text)] for name, text in pairs if name]`,
    values,
  );
  test.each(values.map((value, index) => [value, expected[index] ?? []] as const))('%s', (value, pairs) => {
    expect([...parseParameters(value)].filter(([, text]) => text !== '')).toEqual(
      pairs.filter(([, text]) => text !== ''),
    );
  });

  test('what is written is read back by us and by Python', () => {
    const names = fc.sample(
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
        .map((text) => text.replace(/\p{C}/gu, '').trim() || 'x'),
      { numRuns: runs(300) },
    );
    const headers = names.map((name) => `a/b; ${formatParameter('name', name)}`);
    const read = judge<string>(
      `
message = email.message_from_string('Content-Type: ' + value + '\\n\\n')
return email.utils.collapse_rfc2231_value(message.get_param('name'))`,
      headers,
    );
    for (const [index, name] of names.entries()) {
      expect(parseParameters(headers[index] ?? '').get('name')).toBe(name);
      expect(read[index]).toBe(name);
    }
  });
});

describe('file names', () => {
  test.each([
    ['Content-Disposition: attachment; filename="a.TXT"', 'a.TXT', 'txt'],
    ['Content-Type: a/b; name=archive.tar.gz', 'archive.tar.gz', 'gz'],
    ['Content-Type: a/b; name=x.doc\r\nContent-Disposition: attachment; filename=y.exe', 'y.exe', 'exe'],
    ["Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf", 'Grüße.pdf', 'pdf'],
    ['Content-Type: a/b; name="=?utf-8?q?Gr=C3=BC=C3=9Fe=2Eexe?="', 'Grüße.exe', 'exe'],
    ['Content-Disposition: attachment; filename="evil.exe. . "', 'evil.exe. .', 'exe'],
    ['Content-Disposition: attachment; filename="..\\..\\x.bat"', '..\\..\\x.bat', 'bat'],
    ['Content-Disposition: attachment; filename=".bashrc"', '.bashrc', ''],
    ['Content-Disposition: attachment; filename="dir.d/readme"', 'dir.d/readme', ''],
    ['Content-Disposition: attachment', undefined, ''],
  ])('%s', (headers, name, extension) => {
    const { root } = parse(`${headers}\r\n\r\n`);
    expect(partFileName(root)).toBe(name);
    expect(partExtension(root)).toBe(extension);
  });

  test('names in sections', () => {
    const names = [...walk(read('rfc2231-names'))].map((part) => partFileName(part));
    expect(names).toEqual([undefined, 'Grüße.EXE', 'Grüße.pdf']);
  });
});

describe('format=flowed', () => {
  test.each([
    ['soft \nbreak', false, 'soft break'],
    ['soft \nbreak', true, 'softbreak'],
    ['hard\nbreak', false, 'hard\nbreak'],
    ['> quoted \n> text\nreply', false, '> quoted text\nreply'],
    ['> one \n>> two', false, '> one \n>> two'],
    [' From stuffed\n >not quoted', false, 'From stuffed\n>not quoted'],
    ['text \n-- \nsignature', false, 'text \n-- \nsignature'],
    ['', false, ''],
    ['end ', false, 'end '],
  ])('%j (delsp %s)', (text, delSp, expected) => {
    expect(unflow(text, { delSp })).toBe(expected);
  });

  test('is known by its parameters', () => {
    expect(flowedFormat(read('flowed').root)).toEqual({ delSp: true });
    expect(flowedFormat(read('crlf').root)).toBeUndefined();
  });
});
