import { decodeHeader } from '../../src/message/encoded-words.ts';
import { both, type Explanation, headersMoved } from './explained.ts';

/** For a difference that is all there is in these mails, where both values are what the documentation says. */
const asDocumented = both(() => '(as documented)');

/** The same, in what consists of one part: a plain digest, not a MIME digest. */
const asDocumentedInOnePart = both((value) => (value.includes('\n---\n') ? value : '(as documented)'));

const encoded = both((value) =>
  value.replace(/(?:us-ascii|utf-8) (?:base64|quoted-printable|8bit|7bit)$/gm, '(encoded)'),
);

/** Of digests, lists in Japanese, and mails to -owner, -request and -bounces. */
export const explanationsElsewhere: readonly Explanation[] = [
  {
    documented: 'blank lines at the end of masthead, header and table of contents',
    aspect: 'text',
    lists: ['digesting'],
    ...both((value) => value.replace(/\n{3,}/g, '\n\n')),
  },
  {
    documented: 'headers of notices begin with those of MIME',
    aspect: 'order',
    kind: 'digest',
    ...headersMoved('mime-version', 'content-type', 'content-transfer-encoding'),
  },
  {
    documented: "mail to the owners leaves from the list's -bounces address",
    aspect: 'sender',
    lists: ['plain-owner'],
    theirs: (value) => value.replace(/^plain-bounces\+(.*)@lists\.example\.com$/, 'changeme+$1@example.com'),
  },
  {
    documented: 'a notice of an unrecognised bounce that itself bounces',
    aspect: 'sender',
    kind: 'notice',
    lists: ['plain-bounces'],
    theirs: (value) => value.replace('plain-bounces@lists.example.com', 'changeme@example.com'),
  },
  {
    documented: 'no `X-BeenThere`',
    aspect: 'header',
    kind: 'notice',
    header: 'x-beenthere',
    lists: ['plain-request', 'plain-bounces'],
    ours: (value) => value.replace('X-BeenThere: plain@lists.example.com', ''),
  },
  {
    documented: 'answers have `Precedence: bulk` only',
    aspect: 'header',
    kind: 'notice',
    header: 'auto-submitted',
    lists: ['plain-request'],
    ours: (value) => value.replace('Auto-Submitted: auto-replied', ''),
  },
  {
    documented: 'where the prefix needs it, the whole Subject is encoded',
    aspect: 'header',
    header: 'subject',
    lists: ['japanese'],
    kind: 'post',
    ...both((value) => decodeHeader(value).replace(/ +/g, ' ').trimEnd()),
  },
  {
    documented: 'texts of its own',
    aspect: 'header',
    kind: 'notice',
    header: 'subject',
    lists: ['japanese'],
    ...both((value) => value.replace(/ .*/, ' (in Japanese)')),
  },
  // Digests
  {
    documented: 'in a plain digest every part that is no text becomes a note',
    aspect: 'text',
    kind: 'digest',
    lists: ['digesting'],
    mails: [
      'alternative',
      'alternative-with-related',
      'attached-message',
      'attachment-only',
      'base64-message',
      'boundary-is-prefix',
      'boundary-with-blanks',
      'calendar',
      'calendar-alternative',
      'digest',
      'html-only',
      'message-at-top',
      'mixed-line-ends-multipart',
      'mixed-with-picture',
      'nested',
      'only-forbidden-parts',
      'pgp-mime',
      'rfc2231-names',
      'same-boundary-inside',
      'smime',
      'smime-opaque',
      'wrapped-multipart',
    ],
    ...asDocumentedInOnePart,
  },
  {
    documented: 'of two boundaries in a row the first counts for nothing',
    aspect: 'text',
    kind: 'digest',
    mails: ['adjacent-boundaries'],
    ...asDocumented,
  },
  {
    documented: 'of two boundaries in a row the first counts for nothing',
    aspect: 'text',
    kind: 'post',
    lists: ['plain-owner'],
    mails: ['adjacent-boundaries'],
    ...asDocumented,
  },
  {
    documented: 'in a plain digest text that is not in the charset that it names',
    aspect: 'text',
    kind: 'digest',
    mails: [
      'bad-base64',
      'no-charset-8bit',
      'raw-latin1-subject',
      'raw-utf8-subject',
      'unknown-charset',
      'wrong-charset',
    ],
    ...asDocumented,
  },
  {
    documented: 'of two fields of the same name a plain digest has the first',
    aspect: 'text',
    kind: 'digest',
    mails: ['two-of-each', 'two-message-ids'],
    ours: (value) => value.replace(/^(From|To|Message-ID): (.*)\n\1: .*$/gm, '$1: $2'),
  },
  {
    documented: 'runs of blanks and tabs stay',
    aspect: 'text',
    kind: 'digest',
    mails: ['control-chars', 'mail-by-hand', 'answer-with-prefix'],
    ...both((value) =>
      value.replaceAll('Control \u0007 chars', 'Control chars').replace(/(\S) {2,}(?=\S)/g, '$1 '),
    ),
  },
  {
    documented: 'Japanese is wrapped at blanks, if at all',
    aspect: 'text',
    kind: 'digest',
    mails: ['encoded-author'],
    ours: (value) => value.replace('\n\t', ''),
  },
  {
    documented: 'a text with header or footer that is not ASCII goes out in base64',
    aspect: 'encoding',
    kind: 'digest',
    ...encoded,
  },
  {
    documented: 'a text with header or footer that is not ASCII goes out in base64',
    aspect: 'header',
    kind: 'digest',
    header: 'content-transfer-encoding',
    ...both((value) => value.replace(/(?:base64|quoted-printable)$/, '(encoded)')),
  },
  {
    documented: 'a multipart does not say that there is 8-bit text in it',
    aspect: 'header',
    kind: 'digest',
    header: 'content-transfer-encoding',
    ours: (value) => (value === 'Content-Transfer-Encoding: 8bit' ? '' : value),
  },
  {
    documented: 'a text is sent in the charset of the list',
    aspect: 'encoding',
    kind: 'digest',
    mails: ['euc-jp-8bit'],
    ...asDocumented,
  },
  {
    documented: 'NUL bytes in a digest are sent as they are',
    aspect: 'header',
    kind: 'digest',
    header: 'content-transfer-encoding',
    mails: ['nul-bytes'],
    ...asDocumented,
  },
  {
    documented: 'a line that begins with `From ` gets a `>`',
    aspect: 'text',
    kind: 'digest',
    mails: ['odd-whitespace'],
    theirs: (value) =>
      value
        .replace(/ +(?= \(Anna)/, '')
        .replaceAll('\n>From the start', '\nFrom the start')
        .replace(/sig {3}\n+/, 'sig\n\n'),
  },
  // A list in Japanese
  {
    documented: 'a text with header or footer that is not ASCII goes out in base64',
    aspect: 'encoding',
    kind: 'post',
    lists: ['japanese'],
    ...encoded,
  },
  {
    documented: 'a text is sent in the charset of the list',
    aspect: 'header',
    kind: 'post',
    header: 'content-type',
    lists: ['japanese'],
    ...both((value) => value.replace(/charset=(?:utf-8|iso-2022-jp)/, '(charset)')),
  },
  {
    documented: 'a text is sent in the charset of the list',
    aspect: 'header',
    kind: 'post',
    header: 'content-transfer-encoding',
    lists: ['japanese'],
    mails: ['euc-jp-8bit', 'iso-2022-jp', 'japanese-subject'],
    ...asDocumented,
  },
  {
    documented: 'a text is sent in the charset of the list',
    aspect: 'encoding',
    kind: 'post',
    lists: ['japanese'],
    mails: ['euc-jp-8bit', 'iso-2022-jp', 'japanese-subject'],
    ...asDocumented,
  },
  {
    documented: 'a text is sent in the charset of the list',
    aspect: 'header',
    kind: 'post',
    header: 'content-type',
    lists: ['japanese'],
    mails: ['euc-jp-8bit'],
    ...asDocumented,
  },
  // Other addresses
  {
    documented: 'a text in an unknown charset shunts mail to -request',
    aspect: 'decision',
    lists: ['plain-request'],
    mails: ['unknown-charset'],
    theirs: (value) => value.replace('shunted', 'accepted'),
  },
  {
    documented: 'the headers of an attached mail are folded anew',
    aspect: 'quoted',
    lists: ['plain-bounces'],
    mails: ['smime', 'huge-headers', 'encoded-author', 'mail-by-hand'],
    ...asDocumented,
  },
  ...['content-type', 'content-transfer-encoding'].map(
    (header): Explanation => ({
      documented: 'answers are in the charset of the mail that they answer',
      aspect: 'header',
      kind: 'notice',
      header,
      lists: ['plain-request'],
      ...asDocumented,
    }),
  ),
  {
    documented: 'answers are in the charset of the mail that they answer',
    aspect: 'quoted',
    kind: 'notice',
    lists: ['plain-request'],
    ...asDocumented,
  },
  {
    documented: 'an answer to a mail without any command',
    aspect: 'decision',
    lists: ['plain-request'],
    theirs: (value) => (value === 'accepted' ? 'discarded' : value),
    ours: (value) => (value === 'accepted' ? 'discarded' : value),
  },
  {
    documented: '`X-Ack: no` is answered',
    aspect: 'recipients',
    kind: 'notice',
    lists: ['plain-request'],
    mails: ['no-archive'],
    theirs: () => '',
  },
  {
    documented: 'a line that begins with `From ` gets a `>`',
    aspect: 'quoted',
    lists: ['plain-bounces'],
    ours: (value) => value.replace(/\r\nFrom (?:inner line|the start)/, ''),
  },
  {
    documented: 'a multipart does not say that there is 8-bit text in it',
    aspect: 'quoted',
    lists: ['plain-bounces'],
    ours: (value) =>
      value.replace(
        'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit',
        'Content-Type: message/rfc822',
      ),
  },
];
