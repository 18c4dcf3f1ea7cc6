import { prefixedSubject, stripSubject } from '../../../src/flow/subject.ts';
import { encodeSubject, subjectText } from '../../../src/flow/subject-charset.ts';
import { formatAddress, parseAddresses } from '../../../src/message/addresses.ts';
import { canonicalCharset, decode, encode } from '../../../src/message/charset.ts';
import { parseContentType } from '../../../src/message/content-type.ts';
import {
  decodeChunks,
  decodeHeader,
  encodeChunks,
  encodeHeader,
} from '../../../src/message/encoded-words.ts';
import { japaneseForm } from '../../../src/message/iso-2022.ts';
import { Message } from '../../../src/message/message.ts';
import { formatParameter, parseParameters } from '../../../src/message/parameters.ts';
import { headerAddress, isValidAddress, parseMailbox } from '../../../src/model/email-address.ts';
import { readings } from '../../../src/mta/recipient.ts';
import { mails } from '../corpus.ts';
import { makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

function valuesOf(...names: string[]): Buffer[] {
  const values = mails.flatMap((mail) => names.flatMap((name) => Message.parse(mail).headers.getAll(name)));
  return values.map((value) => Buffer.from(value, 'latin1'));
}

const WORDS = [
  ...[
    '=?utf-8?q?',
    '=?utf-8?b?',
    '=?iso-2022-jp?B?',
    '=?us-ascii*en?q?',
    '=?x?q?',
    '?=',
    '=?',
    '=E3',
    '=81=82',
    '44GC',
    '_',
  ],
  ...[
    ' ',
    '\t',
    '\r\n ',
    '\x1b$B$"\x1b(B',
    '\x1b(B',
    '\xff',
    '\xc3\xa4',
    '\0',
    'Re: ',
    '[Ant] ',
    '[Ant 12]',
    'AW:',
    '日本',
    '😀',
    '\ud800',
  ],
];

const addressMaterial = {
  seeds: valuesOf('From', 'To', 'Cc', 'Reply-To'),
  tokens: [
    ...[
      'Anne',
      'a@b.example',
      '<a@b.example>',
      '<',
      '>',
      '"',
      '\\',
      '(',
      ')',
      ',',
      ';',
      ':',
      '@',
      '.',
      '[',
      ']',
      '<>',
    ],
    ...[
      'group: ',
      'undisclosed-recipients:;',
      '@route:',
      '"a b"@c',
      'ü@bücher.example',
      '@[127.0.0.1]',
      ...WORDS,
    ],
  ],
};

/** Address lists: an address that is written again is the same, and brings no other along. */
export const addresses: Target = {
  name: 'addresses',
  make: (random) => makeInput(random, addressMaterial),
  read: (input) => {
    const value = input.toString('latin1');
    parseMailbox(value);
    for (const mailbox of parseAddresses(value)) {
      const again = parseAddresses(formatAddress(mailbox));
      expectThat(again.length <= 1, 'one mailbox stays one');
      if (isValidAddress(mailbox.address))
        expectThat(again[0]?.address === headerAddress(mailbox.address), 'a valid address stays the same');
    }
  },
};

const wordMaterial = { seeds: valuesOf('Subject', 'From'), tokens: WORDS };

/** Longer texts are not encoded as a whole. */
const MAX_TEXT = 20_000;

/** Encoded words: no control characters come out, and what is encoded is read again as it was. */
export const encodedWords: Target = {
  name: 'encoded words',
  make: (random) => makeInput(random, wordMaterial),
  read: (input) => {
    const value = input.toString('latin1');
    const text = decodeHeader(value);
    expectThat(!/(?!\t)\p{Cc}/u.test(text), 'no control characters');
    const encoded = encodeHeader(text);
    expectThat(!/[^\0-\x7f]/.test(encoded), 'encoded text is ASCII');
    encodeChunks(decodeChunks(value));
    encodeHeader(text, 'iso-2022-jp');
    const normal = text.toWellFormed().replace(/\p{Cc}+/gu, ' ');
    if (text.length < MAX_TEXT)
      expectThat(decodeHeader(encoded) === normal, 'encoded text is read as it was');
  },
};

/** Subjects with a prefix. */
export const subjects: Target = {
  name: 'subjects',
  make: (random) => makeInput(random, wordMaterial),
  read: (input) => {
    const value = input.toString('latin1');
    const text = subjectText(value, ['iso-8859-1']);
    for (const prefix of ['[Ant] ', '[Ant %d] ', '[Ant %05d]']) {
      const result = encodeSubject(prefixedSubject(stripSubject(text, prefix), '[Ant] '), value, 'us-ascii');
      expectThat(!/[\r\n]/.test(result), 'a subject is one line');
    }
  },
};

const parameterMaterial = {
  seeds: valuesOf('Content-Type', 'Content-Disposition'),
  tokens: [
    ...[
      'text/plain',
      '; ',
      ';',
      '=',
      '"',
      '\\',
      '\\"',
      'name',
      '*',
      '*0',
      '*0*=',
      '*1*=',
      "utf-8''",
      "'",
      '%41',
      '%',
      ' (a) ',
    ],
    ...[
      'boundary=',
      'charset=',
      '\xe4',
      '\r\n ',
      '/',
      'multipart/mixed',
      '\0',
      "filename*=iso-2022-jp''%1B$B",
    ],
  ],
};

/** Parameters of RFC 2231. */
export const parameters: Target = {
  name: 'parameters',
  make: (random) => makeInput(random, parameterMaterial),
  read: (input) => {
    const value = input.toString('latin1');
    parseContentType(value);
    for (const [name, text] of parseParameters(value)) {
      if (!/^[a-z0-9-]+$/.test(name)) continue;
      const again = parseParameters(`a/b; ${formatParameter(name, text)}`);
      const normal = text.replace(/\p{Cc}+/gu, ' ');
      expectThat(again.get(name)?.trim() === normal.toWellFormed().trim(), 'a parameter is read as it was');
    }
  },
};

const LABELS = [
  ...[
    'utf-8',
    'us-ascii',
    'iso-8859-1',
    'iso-8859-15',
    'windows-1252',
    'iso-2022-jp',
    'iso-2022-kr',
    'iso-2022-cn',
    'euc-jp',
  ],
  ...[
    'shift_jis',
    'euc-kr',
    'gb18030',
    'gbk',
    'big5',
    'hz-gb-2312',
    'koi8-r',
    'utf-7',
    'utf-16',
    'utf-16le',
    'unknown-8bit',
  ],
  ...[
    'x-user-defined',
    'replacement',
    '',
    'macintosh',
    'ibm437',
    'iso-2022-jp-2',
    'iso-2022-jp-3',
    '__proto__',
    'cp932',
  ],
];

const charsetMaterial = {
  seeds: [],
  tokens: [
    ...[
      '\x1b$B',
      '\x1b(B',
      '\x1b(J',
      '\x1b(I',
      '\x1b$@',
      '\x1b$(D',
      '\x1b.A',
      '\x1bN',
      '\x1b$)C',
      '\x0e',
      '\x0f',
      '$"',
      '+AGE-',
      '+',
    ],
    ...[
      '~{',
      '~}',
      '\x81\x40',
      '\xa4\xa2',
      '\x8f\xa2',
      '\xe3\x81\x82',
      '\xed\xa0\x80',
      '\xf4\x90\x80\x80',
      '\xff\xfe',
      'abc',
      '\0',
      '\x80',
    ],
  ],
};

/** Bytes as text and back; the first byte picks the charset. */
export const charsets: Target = {
  name: 'charsets',
  make: (random) => Buffer.concat([random.bytes(1), makeInput(random, charsetMaterial)]),
  read: (input) => {
    const label = LABELS[(input[0] ?? 0) % LABELS.length] ?? '';
    const text = decode(input.subarray(1), label);
    expectThat(text.isWellFormed(), 'text is well-formed');
    canonicalCharset(input.toString('latin1', 1, 30));
    const bytes = encode(text, label);
    if (bytes)
      expectThat(japaneseForm(decode(bytes, label)) === japaneseForm(text), 'encoded text is read as it was');
  },
};

/** Local parts of list addresses. */
export const recipients: Target = {
  name: 'recipients',
  make: (random) =>
    makeInput(random, {
      seeds: [Buffer.from('ant-bounces+anne=example.org'), Buffer.from('ant-confirm+0123456789abcdef')],
      tokens: [
        'ant',
        '-request',
        '-bounces',
        '-confirm',
        '-',
        '+',
        '=',
        'help-request',
        '__proto__',
        '-constructor',
        '\xff',
      ],
    }).subarray(0, 20_000),
  read: (input) => {
    const text = input.toString('latin1');
    isValidAddress(text);
    isValidAddress(`a@${text}`);
    // SMTP commands are not longer (RFC 5321 4.5.3.1.4).
    for (const { listName } of readings(text.slice(0, 1000), '+'))
      expectThat(listName.length <= text.length, 'the name of a list is a part of the address');
  },
};
