import { zstdDecompressSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { MboxError } from '../../../migrate/mbox/errors.ts';
import { type MboxEntry, readMbox } from '../../../migrate/mbox/reader.ts';
import { prepareMessage } from '../../../src/archiving/store/prepare.ts';
import { fts5Expression } from '../../../src/archiving/store/search/fts5-expression.ts';
import { parseQuery } from '../../../src/archiving/store/search/query.ts';
import { matchesIn } from '../../../src/archiving/store/search/segments/segment-matches.ts';
import { snippetOf } from '../../../src/archiving/store/search/snippet.ts';
import { sanitise } from '../../../src/web/archive/sanitise.ts';
import { mails } from '../corpus.ts';
import { type Material, makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';
import { mimeMaterial } from './mime.ts';

const TRAITS = { subjectPrefix: '[Ant %d] ', charsets: ['utf-8', 'iso-8859-1'] };
const NOW = 1_700_000_000_000;

/** A mail as the archive keeps it: its bytes come back, what is made of them is bounded. */
export const archived: Target = {
  name: 'archived mail',
  make: (random) => makeInput(random, mimeMaterial),
  read: (input) => {
    const prepared = prepareMessage({ bytes: input, separator: 0, tail: 0 }, TRAITS, undefined, NOW);
    expectThat(zstdDecompressSync(prepared.content).equals(input), 'the bytes come back');
    expectThat(prepared.attachments.length <= 500, 'attachments are few');
    const { subject, sender, body, files } = prepared.words;
    const texts = [prepared.senderName, prepared.senderAddress, prepared.subject, prepared.plainSubject];
    for (const text of [
      ...texts,
      ...prepared.attachments.map(({ name }) => name),
      subject,
      sender,
      body,
      files,
    ])
      expectThat(text.isWellFormed() && !text.includes('\0'), 'a database takes the text');
    for (const text of texts) expectThat(!/[\r\n]/.test(text), 'a field is one line');
  },
};

const pageMaterial: Material = {
  seeds: [
    Buffer.from(
      '<html><head><style>p{color:red}</style></head><body><p onclick="x()">a <a href="https://a.example/">b</a></p>' +
        '<img src="cid:one@b" width=3><table><tr><td>x</td></tr></table><!-- c --></body></html>',
    ),
    Buffer.from(
      '<svg><script>alert(1)</script></svg><math><mtext><a href="javascript:x">y</a></mtext></math>',
    ),
  ],
  tokens: [
    ...[
      '<',
      '>',
      '</',
      '/>',
      '"',
      "'",
      '=',
      '&',
      '&#',
      ';',
      '`',
      '\0',
      '\n',
      ' ',
      '/',
      '-->',
      '<!--',
      '<![CDATA[',
      ']]>',
    ],
    ...[
      '<script>',
      '</script>',
      '<style>',
      '<textarea>',
      '</textarea>',
      '<title>',
      '<xmp>',
      '<noscript>',
      '<template>',
    ],
    ...[
      '<svg>',
      '<math>',
      '<a href=',
      '<img src=',
      '<p onclick=',
      ' style=',
      'srcdoc=',
      '<iframe ',
      '<base href=',
    ],
    ...[
      'javascript:',
      'JaVaScRiPt:',
      'data:text/html,',
      'vbscript:',
      '//evil.example/',
      'https://',
      'cid:',
      'mailto:',
    ],
    ...[
      '&lt;',
      '&#106;',
      '&#x6A;',
      '&Tab;',
      '&colon;',
      '\t',
      '\u2028',
      '<b>',
      '</b>',
      '<div>',
      'anne@example.com',
      '<plaintext>',
    ],
  ],
};

const LINK = /^(?:https?|mailto):/i;

/** The HTML of a mail, made harmless: nothing in it acts, whatever was in the page. */
export const pages: Target = {
  name: 'archive pages',
  make: (random) => makeInput(random, pageMaterial),
  read: (input) => {
    const isObscured = input.length % 2 === 0;
    const picture = (id: string) => (id.length % 2 === 0 ? 'data:image/png;base64,AAAA' : undefined);
    const markup = sanitise(input.toString('utf8'), { isObscured, picture });
    expectThat(markup.length <= input.length * 100 + 1000, 'what comes out is bounded');
    const parser = new Parser({
      onopentag: (tag, attributes) => {
        expectThat(!FORBIDDEN.has(tag), `no <${tag}> is left`);
        for (const [name, value] of Object.entries(attributes)) {
          expectThat(ALLOWED.has(name), `no attribute ${name} is left`);
          if (name === 'href') expectThat(LINK.test(value), 'links lead outside');
          if (name === 'src') expectThat(value.startsWith('data:image/'), 'pictures are in the page');
        }
      },
    });
    parser.end(markup);
  },
};

const FORBIDDEN = new Set([
  ...['script', 'style', 'iframe', 'object', 'embed', 'form', 'input', 'base', 'meta', 'link', 'svg', 'math'],
  ...[
    'textarea',
    'template',
    'noscript',
    'frame',
    'frameset',
    'html',
    'head',
    'body',
    'title',
    'xmp',
    'plaintext',
  ],
]);

const ALLOWED = new Set([
  ...['dir', 'lang', 'href', 'rel', 'target', 'src', 'alt', 'width', 'height', 'start', 'type'],
  ...['colspan', 'rowspan', 'align'],
]);

const mboxMaterial: Material = {
  seeds: [
    ...mails
      .filter(({ length }) => length < 2000)
      .map((mail) =>
        Buffer.concat([
          Buffer.from('From anne at example.com  Mon Mar  4 10:00:00 2024\n'),
          mail,
          Buffer.from('\n'),
        ]),
      ),
    Buffer.from(
      'From a@b.example Mon Mar 04 10:00:00 2024\r\nDate: x\r\nTo: y\r\n\r\nFrom here on\r\n\r\nFrom c@d.example  Tue ' +
        'Mar  5 10:00:00 2024 +0100\r\nSubject: z\r\n\r\n>From x\r\n',
    ),
  ],
  tokens: [
    ...['From ', '\nFrom ', '\n\nFrom ', '>From ', '\r\n', '\n', '\r', '\n\n', ' ', '\t', '\0', ':'],
    ...[
      'From anne at example.com  Mon Mar  4 10:00:00 2024\n',
      'From - Tue Feb 30 25:61:61 1999\n',
      'From MAILER-DAEMON\n',
    ],
    ...[
      'Date: ',
      'To: ',
      'Received: ',
      'Message-ID: <a@b>\n',
      'Subject: x\n',
      'Content-Length: 10\n',
      'Lines: 99\n',
    ],
  ],
};

/** @returns undefined where it is refused as no mbox */
async function entriesOf(input: Buffer, piece: number): Promise<MboxEntry[] | undefined> {
  const entries: MboxEntry[] = [];
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < input.length; at += piece) yield Buffer.from(input.subarray(at, at + piece));
  };
  try {
    for await (const entry of readMbox(chunks())) {
      const parts = [entry.separator, entry.message, entry.tail];
      expectThat(Buffer.concat(parts).equals(entry.bytes), 'an entry consists of its parts');
      entries.push({ ...entry, bytes: Buffer.from(entry.bytes) });
    }
  } catch (error) {
    if (!(error instanceof MboxError)) throw error;
    return undefined;
  }
  return entries;
}

/** An mbox: entries that are the file, wherever it is cut while it is read. */
export const mbox: Target = {
  name: 'mbox',
  make: (random) => makeInput(random, mboxMaterial),
  read: async (input) => {
    const entries = await entriesOf(input, input.length + 1);
    if (entries)
      expectThat(Buffer.concat(entries.map(({ bytes }) => bytes)).equals(input), 'the entries are the file');
    const again = await entriesOf(input, 1 + (input.length % 4097));
    const places = (all: readonly MboxEntry[] | undefined) =>
      all?.map(({ offset, isMessage }) => `${offset} ${isMessage}`).join();
    expectThat(places(again) === places(entries), 'pieces make no difference');
  },
};

const queryMaterial: Material = {
  seeds: [
    '"a phrase" -without begin* from:anne subject:wörter',
    '日本語 file:a.pdf -"x y"*',
    "O'Brien NEAR(a b) AND NOT c",
  ].map((text) => Buffer.from(text)),
  tokens: [
    ...[
      '"',
      '-',
      '*',
      ':',
      '(',
      ')',
      "'",
      '\\',
      '^',
      '+',
      '{',
      '}',
      ' ',
      '\t',
      '\0',
      '&',
      '|',
      '!',
      '<->',
      ';--',
    ],
    ...[
      'from:',
      'subject:',
      'file:',
      'sender:',
      'constructor:',
      '__proto__:',
      'NEAR(',
      ' AND ',
      ' OR ',
      ' NOT ',
      'scope : ',
    ],
    ...['a', 'ab', 'é', 'ß', 'İ', '日本', '語', 'の', '한국', '😀', '\u0301', '\u200d', 'x'.repeat(50)],
  ],
};

/** What somebody searches for: few terms of plain words, which no database takes for anything else. */
export const queries: Target = {
  name: 'search queries',
  make: (random) => makeInput(random, queryMaterial),
  read: (input) => {
    const text = input.toString('utf8');
    const terms = parseQuery(text);
    expectThat(terms.length <= 20, 'terms are few');
    for (const { words } of terms) {
      expectThat(words.length > 0 && words.length <= 100, 'a term has words, and few');
      for (const word of words)
        expectThat(/^[\p{L}\p{N}\p{M}]+$/u.test(word), 'a word consists of letters, digits and marks');
    }
    const scope = [['l1']];
    expectThat(!fts5Expression({ terms, scope }).includes('\0'), 'SQLite takes the query');
    expectThat(
      matchesIn([1], { terms, scope }, () => new Float64Array()).length === 0,
      'nothing is found where nothing is',
    );
    const marks = terms.flatMap((term) => term.marks);
    const shown = snippetOf(text, marks);
    expectThat(shown.map((piece) => piece.text).join('').length <= 2000, 'a snippet is short');
  },
};
