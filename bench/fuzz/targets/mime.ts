import { removeApprovedLine } from '../../../src/flow/approved.ts';
import { objection } from '../../../src/flow/content-filter/criteria.ts';
import {
  collapseAlternatives,
  dropEmptyFirst,
  filterParts,
  type RemovedPart,
  unwrapSingles,
} from '../../../src/flow/content-filter/filter-parts.ts';
import { htmlToText } from '../../../src/flow/content-filter/html-to-text.ts';
import { decorateMessage } from '../../../src/flow/decoration/decorate-message.ts';
import { partExtension } from '../../../src/message/file-name.ts';
import { flowedFormat, unflow } from '../../../src/message/format-flowed.ts';
import { Message } from '../../../src/message/message.ts';
import { partText, setPartText, walk } from '../../../src/message/text.ts';
import { bounces, mails } from '../corpus.ts';
import { type Material, makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

/** What MIME consists of. */
export const mimeMaterial: Material = {
  seeds: [...mails, ...bounces.filter(({ length }) => length < 3000)],
  tokens: [
    ...[
      'Content-Type: ',
      'multipart/mixed; boundary=',
      'boundary="b"\r\n',
      'message/rfc822',
      'text/plain',
      'text/html',
    ],
    ...[
      'multipart/digest',
      'multipart/alternative',
      'multipart/signed',
      'multipart/report',
      '; charset=utf-8',
    ],
    ...[
      '; charset="iso-2022-jp"',
      '; charset=x',
      '; format=flowed',
      '; delsp=yes',
      "; name*0*=utf-8''a",
      '; filename="a.exe"',
    ],
    ...[
      'Content-Transfer-Encoding: ',
      'base64',
      'quoted-printable',
      'x-uuencode',
      '8bit',
      'Content-Disposition: attachment',
    ],
    ...[
      '--b\r\n',
      '--b--\r\n',
      '--b',
      '--b ',
      '\r\n--',
      '--\r\n',
      '\r\n\r\n',
      '\n',
      '\r',
      '=\r\n',
      '=3D',
      '=?',
      '\x1b$B$"\x1b(B',
    ],
    ...[
      'begin 644 a\n',
      'end\n',
      'QUJD',
      '====',
      '<p>',
      '<br>',
      '<a href="',
      '&amp;',
      '&#x110000;',
      '&#',
      '</pre>',
      '<!--',
    ],
    ...[
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n',
      'Content-Type: message/rfc822\r\n\r\n',
      'MIME-Version: 1.0\r\n',
    ],
    ...['\0', '\xff', '\xc3\xa4', '\xe3\x81\x82', 'Approved: secret\r\n', '> ', '-- \r\n', ' '],
  ],
};

/** Structure: nothing is lost by looking, and a text that is replaced does not break out of its part. */
export const mime: Target = {
  name: 'mime',
  make: (random) => makeInput(random, mimeMaterial),
  read: (input) => {
    const message = Message.parse(input);
    const parts = [...walk(message)];
    for (const part of parts) {
      void part.isOpaque;
      partExtension(part);
      const text = partText(part);
      expectThat(text.isWellFormed(), 'text is well-formed');
      const flowed = flowedFormat(part);
      if (flowed) unflow(text, flowed);
    }
    expectThat(message.toBuffer().equals(input), 'what nobody changed leaves as it came');
    expectThat(message.clone().toBuffer().equals(input), 'a copy has the same bytes');
    const texts = parts.filter(({ contentType }) => contentType.type === 'text');
    for (const part of texts) setPartText(part, `${partText(part)}\n--b\n--b--\nß`);
    if (texts.length === 0) return;
    const again = [...walk(Message.parse(message.toBuffer()))];
    expectThat(again.length === parts.length, 'a text stays inside of its part');
  },
};

const criteria = {
  filterTypes: new Set(['text/html', 'image']),
  passTypes: new Set<string>(),
  filterExtensions: new Set(['exe', 'eml']),
  passExtensions: new Set<string>(),
};

/** Content filtering, `Approved:` and decoration. */
export const contentFilter: Target = {
  name: 'content filter',
  make: (random) => makeInput(random, mimeMaterial),
  read: (input) => {
    const message = Message.parse(input);
    removeApprovedLine(message);
    const removed: RemovedPart[] = [];
    const isLeft = filterParts(message.root, criteria, removed);
    if (isLeft) {
      const again = Message.parse(message.toBuffer());
      const unwanted = [...walk(again)].filter(
        (part) => part.parent?.isMultipart && (part.isOpaque || objection(part, criteria) !== undefined),
      );
      expectThat(unwanted.length === 0, 'what was taken out is not there');
    }
    collapseAlternatives(message.root);
    unwrapSingles(message.root);
    dropEmptyFirst(message.root);
    decorateMessage(message, { header: 'Kopf ä\n', footer: '____\nFuß 日本\n' }, 'us-ascii');
    Message.parse(message.toBuffer());
  },
};

/** HTML as text. */
export const html: Target = {
  name: 'html',
  make: (random) =>
    makeInput(random, {
      ...mimeMaterial,
      seeds: [Buffer.from('<html><body><p>a<b>c</b></p><pre>x</pre></body></html>')],
    }),
  read: (input) => {
    htmlToText(input.toString('utf8'));
  },
};
