import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putTemplate } from '../../../src/database/templates.ts';
import { decorateMessage } from '../../../src/flow/decoration/decorate-message.ts';
import { Message } from '../../../src/message/message.ts';
import { partText, walk } from '../../../src/message/text.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { bodyOf, copiesOf, outgoing, throughPipeline } from '../../support/pipeline.ts';
import { processorTime } from '../../support/processor-time.ts';

const FRAME = { header: 'Above\n', footer: '-- \nBelow\n' };

function decorated(source: string, frame = FRAME, charset = 'utf-8'): Message {
  const message = Message.parse(Buffer.from(source.replaceAll('\n', '\r\n'), 'latin1'));
  decorateMessage(message, frame, charset);
  return Message.parse(message.toBuffer());
}

function shape(message: Message): string[] {
  return [...walk(message)].map(({ contentType }) => `${contentType.type}/${contentType.subtype}`);
}

/** Header, text and footer beside each other. */
const IN_PARTS = ['multipart/mixed', 'text/plain', 'text/plain', 'text/plain'];

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

describe('a plain text', () => {
  test.each([
    ['', 'Hello.\n', 'Above\nHello.\n-- \nBelow'],
    ['', 'Hello.', 'Above\nHello.\n-- \nBelow'],
    ['', '', 'Above\n\n-- \nBelow'],
    [
      'Content-Type: text/plain; format=flowed; delsp=yes\n',
      'Flows \non.\n',
      'Above\nFlows \non.\n-- \nBelow',
    ],
    [
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n',
      utf8('Größe\n'),
      'Above\nGröße\n-- \nBelow',
    ],
    [
      'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n',
      'Fu=DFball =E4 =\nsoft\n',
      'Above\nFußball ä soft\n-- \nBelow',
    ],
    [
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n',
      'xb1sdcWlb3XEjWvDvSBrxa/FiAo=\n',
      'Above\nŽluťoučký kůň\n-- \nBelow',
    ],
    ['Content-Type: text/plain; charset=iso-2022-jp\n', '\x1b$BF|K\\\x1b(B\n', 'Above\n日本\n-- \nBelow'],
    ['', '\x1b$BF|K\\\x1b(B\n', 'Above\n日本\n-- \nBelow'],
  ])('%j %j', (headers, body, expected) => {
    const message = decorated(`Subject: x\n${headers}\n${body}`);
    expect(shape(message)).toEqual(['text/plain']);
    expect(partText(message.root).trimEnd()).toBe(expected);
    expect(message.headers.get('MIME-Version')).toBe('1.0');
  });

  test.each([
    ['', 'x'.repeat(75), ['text/plain']],
    [
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n',
      utf8('ä'.repeat(30)),
      ['text/plain'],
    ],
    [
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n',
      'eHh4'.repeat(19),
      IN_PARTS,
    ],
    ['Content-Type: text/plain; charset=iso-8859-1\n', '\xe4'.repeat(75), IN_PARTS],
    ['Content-Type: text/plain; charset=utf-8\n', '\xe4'.repeat(75), IN_PARTS],
  ])('of more than 1 MB stays as it is: %j', (headers, line, types) => {
    const body = `${line}\n`.repeat(20_000);
    const message = decorated(`Subject: x\n${headers}\n${body}`);
    expect(shape(message)).toEqual(types);
    expect(message.toBuffer().toString('latin1')).toContain(body.replaceAll('\n', '\r\n'));
    expect(partText([...walk(message)].at(-1) ?? message.root)).toMatch(/-- \nBelow\n?$/);
  });

  test('keeps every byte of what needs no encoding', () => {
    const body = `${utf8('naïve')} ${'long '.repeat(500)}\nFrom here\n.\n\f tail  \n`;
    const source = `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${body}`;
    const bytes = decorated(source).toBuffer().toString('latin1');
    expect(bytes).toContain(`\r\nAbove\r\n${body.replaceAll('\n', '\r\n')}-- \r\nBelow\r\n`);
  });

  test.each([
    ['is left as it came', 'text \n\n', 'text \n\n-- \nBelow\n'],
    ['that is not flowed, too', 'text\n', 'text\n-- \nBelow\n'],
    ['ends before the footer', 'text \n', 'text \n\n-- \nBelow\n'],
    ['without a line end, too', 'text ', 'text \n\n-- \nBelow\n'],
    ['in quoted-printable, too', 'text=20\n', 'text \n\n-- \nBelow\n'],
    ['after a quoted line ends by itself', '> text \n', '> text \n-- \nBelow\n'],
    ['after a signature mark ends by itself', '-- \n', '-- \n-- \nBelow\n'],
  ])('a last paragraph of format=flowed %s', (_, body, expected) => {
    const encoding = body.includes('=') ? 'Content-Transfer-Encoding: quoted-printable\n' : '';
    const source = `Content-Type: text/plain; format=flowed\n${encoding}\n${body}`;
    expect(partText(decorated(source, { header: '', footer: '-- \nBelow\n' }).root)).toBe(expected);
  });

  // In UTF-7 a plus sign begins something else (RFC 2152).
  test('in UTF-7 it is written anew', () => {
    const source = 'Content-Type: text/plain; charset=utf-7\n\ncaf+AOk-\n';
    const { root } = decorated(source, { header: '', footer: 'ant+help@example.com\n' });
    expect(root.contentType.parameters.get('charset')).toBe('utf-8');
    expect(partText(root)).toBe('café\nant+help@example.com\n');
  });

  test('keeps its charset where that has the characters of header and footer, else takes the list’s, else UTF-8', () => {
    const frame = { header: '', footer: 'Füße\n' };
    const latin =
      'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nGr\xfc\xdfe\n';
    expect(decorated(latin, frame).headers.get('Content-Type')).toContain('iso-8859-1');
    const ascii = decorated('Subject: x\n\nascii\n', frame, 'iso-8859-1');
    expect(ascii.headers.get('Content-Type')).toContain('iso-8859-1');
    expect(partText(ascii.root)).toBe('ascii\nFüße\n');
    const japanese = 'Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$BF|K\\\x1b(B\n';
    const both = decorated(japanese, frame, 'iso-8859-1');
    expect(partText(both.root)).toBe('日本\nFüße\n');
    expect(both.headers.get('Content-Type')).toContain('utf-8');
  });

  test.each([
    ['8-bit text without a charset', 'Content-Type: text/plain\n\nna\xefve\n'],
    ['another charset than the one named', 'Content-Type: text/plain; charset=utf-8\n\ngr\xfc\xdfe\n'],
    ['a charset that nobody knows', 'Content-Type: text/plain; charset=x-user-defined\n\nabc \xe4\n'],
    [
      'what is no base64',
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nthis is %% no base64!\n',
    ],
  ])('%s stays as it came, in a part of its own', (_, source) => {
    const message = decorated(source);
    expect(shape(message)).toEqual(['multipart/mixed', 'text/plain', 'text/plain', 'text/plain']);
    const part = message.root.children[1];
    expect(part?.body.toString('latin1')).toBe(source.split('\n\n')[1]?.replaceAll('\n', '\r\n'));
  });
});

describe('other messages', () => {
  test('multipart/mixed gets parts in front and behind, with preamble and epilogue as they were', () => {
    const source = [
      'Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\nContent-Type: text/plain\n\none\n',
      '--b\nContent-Type: image/png\n\nPNG\n--b--\nepilogue\n',
    ].join('');
    const message = decorated(source);
    expect(shape(message)).toEqual([
      'multipart/mixed',
      'text/plain',
      'text/plain',
      'image/png',
      'text/plain',
    ]);
    const bytes = message.toBuffer().toString('latin1');
    expect(bytes).toMatch(/\r\n\r\npreamble\r\n--b\r\n/);
    expect(bytes).toMatch(/--b--\r\nepilogue\r\n$/);
    expect(message.root.children.map((part) => partText(part).trimEnd())).toEqual([
      ...['Above', 'one', 'PNG', '-- \nBelow'],
    ]);
  });

  test.each([
    ['HTML', 'Content-Type: text/html; charset=utf-8\n\n<p>x</p>\n', 'text/html'],
    ['a calendar', 'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n', 'text/calendar'],
    ['a message', 'Content-Type: message/rfc822\n\nFrom: a@example.com\n\nx\n', 'message/rfc822'],
    [
      'opaque S/MIME',
      'Content-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: base64\n\nMIAG\n',
      'application/pkcs7-mime',
    ],
    [
      'alternatives',
      'Content-Type: multipart/alternative; boundary=a\n\n--a\n\nx\n--a\nContent-Type: text/html\n\n<p>x</p>\n--a--\n',
      'multipart/alternative',
    ],
    [
      'what is signed',
      'Content-Type: multipart/signed; protocol="application/pgp-signature";\n\tboundary="s"\n\n--s\n\nsigned =20\n- dash\n\n--s\nContent-Type: application/pgp-signature\n\n-----\n--s--\n',
      'multipart/signed',
    ],
    ['a multipart without a boundary', 'Content-Type: multipart/mixed\n\ntext\n', 'multipart/mixed'],
  ])('%s stays as it came, between parts', (_, source, type) => {
    const message = decorated(`Subject: x\n${source}`);
    const inner = message.root.children[1];
    expect(message.root.children).toHaveLength(3);
    expect(`${inner?.contentType.type}/${inner?.contentType.subtype}`).toBe(type);
    const bytes = Buffer.concat(inner?.toPieces() ?? []).toString('latin1');
    expect(bytes).toBe(source.replaceAll('\n', '\r\n'));
    expect(message.headers.get('Content-Type')).toMatch(/^multipart\/mixed; boundary=/);
    expect(message.headers.get('MIME-Version')).toBe('1.0');
  });

  test('without header and footer nothing changes', () => {
    const source = 'Content-Type: text/html\r\n\r\n<p>x</p>';
    const message = Message.parse(Buffer.from(source));
    decorateMessage(message, { header: '\n', footer: '' }, 'utf-8');
    expect(message.toBuffer().toString()).toBe(source);
  });
});

describe('at delivery', () => {
  let bench: FlowBench;
  beforeEach(async () => {
    bench = await openFlowBench();
    await bench.join(['Anne Person <anne@example.com>', 'Bart@Example.net', 'Jürgen <j@example.org>']);
  });
  afterEach(() => bench.close());

  const setFooter = (text: string) =>
    putTemplate(
      bench.database.connection,
      { scope: 'list', listId: 'ant.example.com' },
      { name: 'list:member:regular:footer', language: '', source: { text } },
    );

  const send = async (text = mail()) => {
    const out = outgoing(await throughPipeline(bench, text));
    return { out, copies: await copiesOf(bench, out) };
  };

  test('all get the same bytes, with the list’s placeholders filled and those of readers left', async () => {
    await setFooter('$fqdn_listname $user_email\n');
    const { copies } = await send();
    expect(new Set([...copies.values()].map(({ message }) => message.toBuffer().toString())).size).toBe(1);
    const copy = copies.get('Bart@Example.net');
    expect(copy?.sender).toBe('ant-bounces@example.com');
    expect(copy && bodyOf(copy.message)).toBe('Hello.\nant@example.com $user_email');
  });

  test('each reader has a footer of their own where copies are personal', async () => {
    await bench.set({ personalize: 'individual' });
    await setFooter('To $user_name_or_address ($user_email, $user_delivered_to, $user_language)\n');
    const { copies } = await send(mail({ Cc: 'bart@example.net' }));
    const bart = copies.get('Bart@Example.net')?.message;
    expect(bart && bodyOf(bart)).toBe(
      'Hello.\nTo Bart@Example.net (bart@example.net, Bart@Example.net, English (USA))',
    );
    expect(bart?.headers.get('X-Mailman-Copy')).toBe('yes');
    const anne = copies.get('anne@example.com')?.message;
    expect(anne && bodyOf(anne)).toContain('To Anne Person (anne@example.com, anne@example.com,');
    expect(anne?.headers.has('X-Mailman-Copy')).toBe(false);
    expect(anne?.headers.get('To')).toBe('ant@example.com');
    const juergen = copies.get('j@example.org')?.message;
    expect(juergen && partText(juergen.root)).toContain('To Jürgen (j@example.org');
  });

  test('a reader is named in To where copies are fully personal, and the list in Cc', async () => {
    await bench.set({ personalize: 'full', description: 'Ants' });
    const { copies } = await send(mail({ Cc: 'x@example.com' }));
    expect(copies.get('anne@example.com')?.message.headers.getAll('To')).toEqual([
      'Anne Person <anne@example.com>',
    ]);
    expect(copies.get('Bart@Example.net')?.message.headers.get('To')).toBe('Bart@Example.net');
    expect(copies.get('Bart@Example.net')?.message.headers.get('Cc')).toBe(
      'x@example.com, Ants <ant@example.com>',
    );
  });

  test('personal footers fit every kind of message', async () => {
    await bench.set({ personalize: 'individual' });
    await setFooter('For $user_email\n');
    const kinds = [
      { 'Content-Type': 'text/html' },
      { 'Content-Type': 'multipart/mixed; boundary=b' },
      { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'base64' },
      { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'quoted-printable' },
    ];
    const bodies = ['<p>x</p>\n', '--b\n\nx\n--b--\n', 'R3LDvMOfZQo=\n', 'Gr=C3=BC=C3=9Fe\n'];
    for (const [index, headers] of kinds.entries()) {
      const { copies } = await send(mail(headers, bodies[index]));
      const texts = [...walk(copies.get('Bart@Example.net')?.message ?? Message.of([], ''))].map((part) =>
        partText(part),
      );
      expect(texts.join('\n')).toContain('For bart@example.net');
      expect(texts.join('\n')).not.toContain('For anne');
    }
  });

  test('what a member calls themselves cannot become more than a line of a header', async () => {
    await bench.set({ personalize: 'full' });
    await bench.database
      .connection('member')
      .where('email', 'anne@example.com')
      .update({ display_name: 'A\r\nX-Evil: 1' });
    const { copies } = await send();
    expect(copies.get('anne@example.com')?.message.headers.has('X-Evil')).toBe(false);
  });

  test('2,000 personal copies take well below a second', async () => {
    await bench.set({ personalize: 'full' });
    await setFooter('For $user_name_or_address <$user_email>\n');
    await bench.join(
      Array.from({ length: 2000 }, (_, number) => `Member ${number} <m${number}@example.com>`),
    );
    const out = outgoing(await throughPipeline(bench, mail()));
    const spent = processorTime();
    expect((await copiesOf(bench, out)).size).toBe(2003);
    expect(spent()).toBeLessThan(1000);
  });
});
