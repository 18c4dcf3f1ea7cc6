import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, formatAddresses, parseAddresses } from '../../src/message/addresses.ts';
import { processorTime } from '../support/processor-time.ts';
import { runs } from '../support/properties.ts';
import { judge } from './python.ts';

/** Names and addresses as Python's email.utils reads them, encoded words decoded. */
function byPython(values: readonly string[]): [string, string][][] {
  return judge(
    `
try:
    pairs = email.utils.getaddresses([value], strict=False)
except TypeError:
    pairs = email.utils.getaddresses([value])
return [[str(email.header.make_header(email.header.decode_header(name))), address] for name, address in pairs if address]`,
    values,
  );
}

function byUs(value: string): [string, string][] {
  return parseAddresses(value).map(({ displayName, address }) => [displayName, address]);
}

const ALIKE = [
  'anne@example.com',
  'Anne Person <anne@example.com>',
  '"Person, Anne" <anne@example.com>',
  'Anne <anne@example.com>, Bart <bart@example.net>',
  'anne@example.com (Anne Person)',
  'Anne (Person) <anne@example.com>',
  'A Group: Anne <anne@example.com>, bart@example.com; cris@example.com',
  'undisclosed-recipients:;',
  'undisclosed recipients: ;, anne@example.com',
  'Anne <@relay.example:anne@example.com>',
  'anne @ example . com',
  '"anne person"@example.com',
  '"anne\\"quote"@example.com',
  'Anne "the boss" Person <anne@example.com>',
  'John Q. Public <jqp@example.com>',
  '"Joe \\"Q\\" Public" <jqp@example.com>',
  '=?utf-8?q?J=C3=B6rg?= <joerg@example.com>',
  '=?utf-8?q?M=C3=BCller=2C_J=C3=B6rg?= <joerg@example.com>, anne@example.com',
  '=?utf-8?q?J=C3=B6rg?= =?utf-8?q?_M=C3=BCller?= <joerg@example.com>',
  '"=?utf-8?q?J=C3=B6rg?=" <joerg@example.com>',
  '=?iso-2022-jp?b?GyRCJDMkcxsoQg==?= <kon@example.jp>',
  'anne@[192.0.2.1]',
  'Anne <anne@[IPv6:2001:db8::1]>',
  'anne+tag=x@example.com, list-bounces+user=example.net@lists.example.com',
  ', , anne@example.com,,',
  'anne@example.com,bart@example.com',
  '<>',
  '',
  'root',
  'Anne\t<anne@example.com>',
  "o'hara@example.com",
  "'Anne' <anne@example.com>",
];

describe('reading addresses as Python does', () => {
  const expected = byPython(ALIKE);
  test.each(ALIKE.map((value, index) => [value, expected[index]] as const))('%s', (value, answer) => {
    expect(byUs(value)).toEqual(answer);
  });

  test('generated lists', () => {
    const atom = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
    const address = fc.tuple(atom, atom).map(([local, domain]) => `${local}@${domain}.example`);
    const name = fc.oneof(
      fc.array(atom, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
      fc.stringMatching(/^[a-z ,.;:<>@()]{1,12}$/).map((text) => `"x${text}y"`),
    );
    const one = fc.oneof(
      address,
      fc.tuple(name, address).map(([words, mailbox]) => `${words} <${mailbox}>`),
      fc.tuple(atom, address).map(([comment, mailbox]) => `${mailbox} (${comment})`),
    );
    const group = fc
      .tuple(atom, fc.array(one, { maxLength: 3 }))
      .map(([word, members]) => `${word}: ${members.join(', ')};`);
    const lists = fc
      .sample(fc.array(fc.oneof(one, group), { maxLength: 5 }), { numRuns: runs(300) })
      .map((all) => all.join(', '));
    const expected = byPython(lists);
    for (const [index, list] of lists.entries()) expect([list, byUs(list)]).toEqual([list, expected[index]]);
  });
});

describe('reading what Python gives up on', () => {
  test.each([
    [
      'raw UTF-8 name',
      Buffer.from('Jörg <joerg@example.com>').toString('latin1'),
      [['Jörg', 'joerg@example.com']],
    ],
    ['raw Latin-1 name', 'J\xf6rg <joerg@example.com>', [['Jörg', 'joerg@example.com']]],
    [
      'international address',
      Buffer.from('Jörg <jörg@bücher.example>').toString('latin1'),
      [['Jörg', 'jörg@bücher.example']],
    ],
    ['raw ISO-2022-JP name', '\x1b$B$3$s\x1b(B <kon@example.jp>', [['こん', 'kon@example.jp']]],
    [
      'a forgotten comma',
      'a@x.example b@y.example',
      [
        ['', 'a@x.example'],
        ['', 'b@y.example'],
      ],
    ],
    [
      'a forgotten comma behind a bracket',
      'A <a@x.example> B <b@y.example>',
      [
        ['A', 'a@x.example'],
        ['B', 'b@y.example'],
      ],
    ],
    [
      'a forgotten bracket',
      'A <a@x.example, B <b@y.example>',
      [
        ['A', 'a@x.example'],
        ['B', 'b@y.example'],
      ],
    ],
    ['a name without brackets', 'Anne anne@example.com', [['Anne', 'anne@example.com']]],
    ['needless quotes', '"anne"@example.com', [['', 'anne@example.com']]],
    [
      'a comma in an encoded word',
      '=?utf-8?q?M=C3=BCller,_J?= <j@example.com>',
      [['Müller, J', 'j@example.com']],
    ],
    [
      'line ends in an encoded word',
      '=?utf-8?q?A=0D=0ABcc:_x?= <a@example.com>',
      [['A  Bcc: x', 'a@example.com']],
    ],
    ['a comment in a comment', 'a@example.com (Anne (the) Person)', [['Anne (the) Person', 'a@example.com']]],
    [
      'a comment before',
      '(Anne) <a@example.com>, b@example.com',
      [
        ['Anne', 'a@example.com'],
        ['', 'b@example.com'],
      ],
    ],
    ['comments inside', 'a (in) @ (the middle) example.com', [['in the middle', 'a@example.com']]],
    ['a route of two hosts', '<@relay.example,@other.example:a@example.com>', [['', 'a@example.com']]],
    ['two at signs', 'a@example.com@evil.example', []],
    ['two at signs in brackets', 'A <a@example.com@evil.example>', []],
    ['a sentence', 'this is no address at all', []],
    ['an open quote', 'A <a@example.com>, "Open <b@example.com>', [['A', 'a@example.com']]],
  ])('%s', (_, value, expected) => {
    expect(byUs(value)).toEqual(expected);
  });
});

test('an address in an encoded word stays part of the name', () => {
  expect(byUs('=?utf-8?q?boss=40example=2Ecom=3E=2C?= <anne@example.com>')).toEqual([
    ['boss@example.com>,', 'anne@example.com'],
  ]);
});

describe('writing addresses', () => {
  test.each([
    [{ address: 'a@example.com', displayName: '' }, 'us-ascii', 'a@example.com'],
    [{ address: 'a@example.com', displayName: 'Anne Person' }, 'us-ascii', 'Anne Person <a@example.com>'],
    [{ address: 'a@example.com', displayName: 'Person, Anne' }, 'us-ascii', '"Person, Anne" <a@example.com>'],
    [{ address: 'a@example.com', displayName: 'A "B" \\C' }, 'us-ascii', '"A \\"B\\" \\\\C" <a@example.com>'],
    [{ address: 'a@example.com', displayName: 'Jörg' }, 'us-ascii', '=?utf-8?b?SsO2cmc=?= <a@example.com>'],
    [
      { address: 'a@example.com', displayName: 'Jörg' },
      'iso-8859-1',
      '=?iso-8859-1?q?J=F6rg?= <a@example.com>',
    ],
    [{ address: 'a@example.com', displayName: 'A\r\nBcc: b@x' }, 'us-ascii', '"A Bcc: b@x" <a@example.com>'],
    [{ address: 'a@x>,<b@y\r\nBcc: z', displayName: '' }, 'us-ascii', 'a@xb@yBccz'],
    [{ address: 'a@x.example;b(@y:', displayName: '' }, 'us-ascii', 'a@x.exampleb@y'],
    [{ address: '"a;b:c"@[IPv6:::1]', displayName: '' }, 'us-ascii', '"a;b:c"@[IPv6:::1]'],
  ])('%j in %s', (mailbox, charset, expected) => {
    expect(formatAddress(mailbox, charset)).toBe(expected);
  });

  test('Python reads back what was written', () => {
    const mailbox = fc.record({
      address: fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.example$/),
      displayName: fc
        .oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ maxLength: 200 }))
        .map((text) => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()),
    });
    const samples = fc.sample(fc.array(mailbox, { minLength: 1, maxLength: 4 }), { numRuns: runs(300) });
    const written = samples.map((mailboxes) => formatAddresses(mailboxes, 'iso-8859-15'));
    const read = byPython(written);
    for (const [index, mailboxes] of samples.entries()) {
      const expected = mailboxes.map(({ displayName, address }) => [displayName, address]);
      expect(read[index]).toEqual(expected);
      expect(byUs(written[index] ?? '')).toEqual(expected);
    }
  });
});

test('half a megabyte of anything is read in well under a second', () => {
  for (const unit of [
    '(',
    '"',
    '<',
    '@',
    'a@b ',
    '<a@b>',
    'a@b,',
    ':',
    ';',
    '=?',
    '=?a?q?',
    '\\',
    '[',
    '\x1b$',
    '. ',
    'x ',
  ]) {
    const spent = processorTime();
    parseAddresses(unit.repeat(500_000 / unit.length));
    parseAddresses(`a@${unit.repeat(500_000 / unit.length)}`);
    expect([unit, spent() < 3000]).toEqual([unit, true]);
  }
});
