import { decodeHeader } from '../../src/message/encoded-words.ts';
import type { Aspect, Difference } from './compare.ts';
import { MAIL_HOST } from './plan.ts';

/** Why a difference is on purpose. */
export interface Explanation {
  /** What Mailman 3 does, as `docs/differences.md` has it. */
  readonly documented: string;
  readonly aspect: Aspect;
  readonly kind?: Difference['kind'];
  readonly header?: string;
  readonly lists?: readonly string[];
  readonly mails?: readonly string[];
  /** Takes this one difference out of a value of Mailman's; with no other left, it is then that of Ferryman. */
  readonly theirs?: (value: string, difference: Difference) => string;
  /** The same for a value of Ferryman's. */
  readonly ours?: (value: string, difference: Difference) => string;
}

/** Mails in which Mailman's parser sees a defect. */
const DEFECTIVE = [
  '8bit-headers',
  'blank-before-colon',
  'boundary-not-there',
  'closing-only',
  'continuation-first',
  'missing-separator',
  'nameless-header',
  'no-boundary',
  'no-headers-at-all',
  'unclosed',
];

/** Of those, the ones that do not go on to the members. */
const DEFECTIVE_OUTCOMES: Readonly<Record<string, string>> = {
  'blank-before-colon': 'held',
  'no-headers-at-all': 'held',
  'boundary-not-there filtered': 'discarded',
  'closing-only filtered': 'discarded',
  'no-boundary filtered': 'discarded',
  'boundary-not-there refusing': 'rejected',
  'closing-only refusing': 'rejected',
  'no-boundary refusing': 'rejected',
  ...Object.fromEntries(
    ['owner', 'request', 'bounces'].flatMap((which) =>
      ['blank-before-colon', 'no-headers-at-all'].map((name) => [`${name} plain-${which}`, 'accepted']),
    ),
  ),
};

export const both = (change: NonNullable<Explanation['ours']>) => ({ theirs: change, ours: change });

export const headersMoved = (...names: readonly string[]) =>
  both((value) =>
    value
      .split(' ')
      .filter((name) => !names.includes(name))
      .join(' '),
  );

const lines = (value: string): string[] => value.split('\n');

/** Of posts, and of what all mails have in common. */
export const explanationsOfPosts: readonly Explanation[] = [
  {
    documented: 'a message with defects: one reply `501 Message has defects`',
    aspect: 'decision',
    mails: DEFECTIVE,
    theirs: (value, { mail, list }) =>
      value === 'refused: 501 Message has defects'
        ? (DEFECTIVE_OUTCOMES[`${mail} ${list}`] ?? DEFECTIVE_OUTCOMES[mail] ?? 'accepted')
        : value,
  },
  {
    documented: 'a line of more than 1,001 octets is refused',
    aspect: 'decision',
    mails: ['long-lines'],
    theirs: (value) => (value.startsWith('refused: 500 Line too long') ? 'accepted' : value),
  },
  {
    documented: 'mail goes to addresses in lower case',
    aspect: 'spelling',
    ours: (value) => value.toLowerCase(),
  },
  {
    documented: 'mail goes to addresses in lower case',
    aspect: 'sender',
    lists: ['personal'],
    ours: (value) => value.replace('Greta=Example.ORG', 'greta=example.org'),
  },
  {
    documented: 'mail goes to addresses in lower case',
    aspect: 'header',
    kind: 'post',
    header: 'to',
    lists: ['personal'],
    ours: (value) => value.replace('<Greta@Example.ORG>', '<greta@example.org>'),
  },
  {
    documented: 'of several `To` one becomes personal',
    aspect: 'header',
    kind: 'post',
    header: 'to',
    lists: ['personal'],
    mails: ['two-of-each'],
    theirs: (value) => value.replace('\nTo: other@example.org', ''),
  },
  {
    documented: 'of several `To` one becomes personal',
    aspect: 'order',
    kind: 'post',
    lists: ['personal'],
    mails: ['two-of-each'],
    theirs: (value) => value.replace(' to to ', ' to '),
  },
  {
    documented: 'of several `To` one becomes personal',
    aspect: 'header',
    kind: 'post',
    header: 'to',
    lists: ['personal'],
    mails: ['mail-by-hand'],
    theirs: (value) => value.replace(/^TO:/, 'To:'),
  },
  {
    documented: 'no `X-BeenThere`',
    aspect: 'header',
    header: 'x-beenthere',
    ours: (value, { list }) =>
      lines(value)
        .filter((line) => line !== `X-BeenThere: ${list}@${MAIL_HOST}`)
        .join('\n'),
  },
  {
    documented: 'no `X-BeenThere`',
    aspect: 'header',
    kind: 'post',
    header: 'x-beenthere',
    lists: ['wrapping'],
    mails: ['headers-of-lists'],
    ours: (value) => value.replace('X-BeenThere: other@lists.example.net', ''),
  },
  {
    documented: 'no `X-BeenThere`',
    aspect: 'order',
    kind: 'post',
    mails: ['headers-of-lists'],
    ...headersMoved('x-beenthere'),
  },
  {
    documented: 'headers of notices begin with those of MIME',
    aspect: 'order',
    kind: 'notice',
    ...headersMoved('mime-version', 'content-type', 'content-transfer-encoding'),
  },
  {
    documented: 'headers that are computed anew move to the end',
    aspect: 'order',
    kind: 'post',
    ...headersMoved('mime-version', 'content-type', 'content-transfer-encoding', 'reply-to', 'cc'),
  },
  {
    documented: 'Cc is written anew, as `CC`',
    aspect: 'header',
    kind: 'post',
    header: 'cc',
    theirs: (value) => value.replace(/^CC:/, 'Cc:'),
  },
  {
    documented: 'the author goes to `Reply-To` or `Cc` as name and address',
    aspect: 'header',
    kind: 'post',
    header: 'reply-to',
    lists: ['munging', 'wrapping'],
    mails: ['mail-by-hand'],
    ours: (value) => value.replace('bert@example.net (Bert)', 'Bert <bert@example.net>'),
  },
  {
    documented: 'the author goes to `Reply-To` or `Cc` as name and address',
    aspect: 'header',
    kind: 'post',
    header: 'reply-to',
    lists: ['munging', 'wrapping'],
    mails: ['group-author'],
    ours: (value) => value.replace('Friends: bert@example.net, anna@example.com;', 'bert@example.net'),
  },
  {
    documented: '`To` of digests and notices is personal too',
    aspect: 'header',
    kind: 'notice',
    header: 'to',
    lists: ['personal'],
    theirs: (value) => value.replace(/^To: .*<(.*)>$/, 'To: $1'),
    ours: (value) => value.replace(/^To: .*<(.*)>$/, 'To: $1'),
  },
  {
    documented: 'notices have the address of the reader in `To`, welcomes the name as well',
    aspect: 'header',
    kind: 'notice',
    header: 'to',
    ours: (value) => value.replace(/^To: .*<(.*)>$/, 'To: $1'),
  },
  {
    documented: 'anonymous lists acknowledge no posts',
    aspect: 'recipients',
    kind: 'notice',
    lists: ['anonymous'],
    ours: (value) => (value === 'anne@example.com' ? '' : value),
  },
  {
    documented: 'anonymous lists keep `DKIM-Signature`',
    aspect: 'order',
    kind: 'post',
    lists: ['anonymous'],
    ...headersMoved('message-id-hash'),
  },
  ...['message-id-hash', 'archived-at'].map(
    (header): Explanation => ({
      documented: 'anonymous lists keep `DKIM-Signature`',
      aspect: 'header',
      kind: 'post',
      header,
      lists: ['anonymous'],
      ...both((value) => value.replace(/[A-Z2-7]{32}/, '(hash)')),
    }),
  ),
  ...['errors-to', 'dkim-signature', 'authentication-results'].map(
    (header): Explanation => ({
      documented: 'anonymous lists keep `DKIM-Signature`',
      aspect: 'header',
      kind: 'post',
      header,
      lists: ['anonymous'],
      theirs: () => '',
    }),
  ),
  {
    documented: "a list's `List-Unsubscribe-Post` of another list stays",
    aspect: 'header',
    kind: 'post',
    header: 'list-unsubscribe-post',
    mails: ['headers-of-lists'],
    theirs: () => '',
  },
  {
    documented: 'runs of blanks and tabs stay',
    aspect: 'header',
    kind: 'post',
    header: 'subject',
    mails: ['control-chars', 'mail-by-hand'],
    theirs: (value) => value.replaceAll('\u0007', ' ').replace(/ +/g, ' '),
  },
  {
    documented: 'unencoded 8-bit subjects are sent as `=?unknown-8bit?',
    aspect: 'header',
    kind: 'post',
    header: 'subject',
    mails: ['raw-latin1-subject', 'raw-utf8-subject'],
    ...both((value) => decodeHeader(value).replace(/ +/g, ' ')),
  },
  {
    documented: 'encoded subjects get a double blank',
    aspect: 'header',
    kind: 'post',
    header: 'subject',
    mails: ['answer-with-prefix', 'encoded-author'],
    ...both((value) => decodeHeader(value).replace(/ +/g, ' ')),
  },
  {
    documented: 'characters of the subject that ASCII lacks become `?` in what is rejected',
    aspect: 'header',
    kind: 'notice',
    header: 'subject',
    mails: ['rejected-member'],
    ours: (value) => decodeHeader(value).replace(/[^ -~]/g, '?'),
  },
  {
    documented: 'characters of a name that ASCII lacks become `?`',
    aspect: 'text',
    lists: ['personal'],
    theirs: (value) => value.replaceAll('Greta Gr?n', 'Greta Grün'),
  },
  {
    documented: 'a line that begins with `From ` gets a `>`',
    aspect: 'text',
    mails: ['attached-message', 'latin1-qp', 'odd-whitespace'],
    ...both((value) => value.replaceAll('\n>From ', '\nFrom ')),
  },
  {
    documented: 'a lone CR stays where a text goes out in base64',
    aspect: 'text',
    mails: ['lone-cr'],
    lists: ['personal', 'japanese'],
    ...both((value) => value.replace(/[\r\n]+/g, '\n')),
  },
  {
    documented: 'of two boundaries in a row the first counts for nothing',
    aspect: 'text',
    mails: ['adjacent-boundaries'],
    ours: (value) => value.replace(/(^|\n)\n---\n\n---\n/, '$1\n---\n'),
  },
  {
    documented: 'of two boundaries in a row the first counts for nothing',
    aspect: 'structure',
    mails: ['adjacent-boundaries'],
    ours: (value) => value.replace(/\n( *text\/plain)\n\1(?=\n|$)/, '\n$1'),
  },
  {
    documented: 'of two boundaries in a row the first counts for nothing',
    aspect: 'encoding',
    mails: ['adjacent-boundaries'],
    ours: (value) => value.replace(/- -\n- -(?=\n|$)/, '- -'),
  },
  {
    documented: 'characters of a name that ASCII lacks become `?`',
    aspect: 'encoding',
    lists: ['personal'],
    ours: (value) =>
      value.replace(/^utf-8 quoted-printable\n|\nutf-8 quoted-printable$/g, (part) =>
        part.replace('utf-8 quoted-printable', 'us-ascii 7bit'),
      ),
  },
  {
    documented: 'a multipart does not say that there is 8-bit text in it',
    aspect: 'header',
    kind: 'post',
    header: 'content-transfer-encoding',
    lists: ['wrapping'],
    ours: (value) => (value === 'Content-Transfer-Encoding: 8bit' ? '' : value),
  },
  ...(['encoding', 'header'] as const).map(
    (aspect): Explanation => ({
      documented: 'a text with header or footer that is not ASCII goes out in base64',
      aspect,
      kind: 'post',
      ...(aspect === 'header' ? { header: 'content-transfer-encoding' } : {}),
      ...both((value) =>
        lines(value).length > 1 ? value : value.replace(/(?:base64|quoted-printable|8bit)$/, '(encoded)'),
      ),
    }),
  ),
  {
    documented: 'a text is sent in the charset of the list',
    aspect: 'encoding',
    mails: ['euc-jp-8bit'],
    ...both((value) => value.replace(/^(?:euc-jp|utf-8) /, '')),
  },
  {
    documented: 'a text is sent in the charset of the list',
    aspect: 'header',
    kind: 'post',
    header: 'content-type',
    mails: ['euc-jp-8bit'],
    ...both((value) => value.replace(/charset=(?:euc-jp|utf-8)/, '')),
  },
  {
    documented: 'what the content filter refuses goes back without the parts that it took out',
    aspect: 'quoted',
    kind: 'notice',
    lists: ['refusing'],
    mails: ['only-forbidden-parts', 'rfc2231-names'],
    ours: (value) => value.replace(/(boundary="[bx]")[\s\S]*(\r\n--[bx]--)$/, '$1$2'),
  },
  {
    documented: 'what takes the place of a multipart gets `Content-Transfer-Encoding: 7bit`',
    aspect: 'encoding',
    lists: ['filtered', 'refusing'],
    theirs: (value) => value.replace(/^- 7bit$/gm, '- -'),
  },
  {
    documented: 'a text with header and footer may lack `MIME-Version`',
    aspect: 'header',
    kind: 'post',
    header: 'mime-version',
    ours: () => '',
  },
];
