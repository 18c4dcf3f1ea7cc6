import type { Aspect } from './compare.ts';

/** A difference that is meant, in one or more cases. */
export interface Deliberate {
  readonly cases: readonly number[];
  readonly aspects: readonly Aspect[];
  /**
   * `fails`: Mailman 2.1 does it wrong; `mailman3`: Mailman 3 does it that way; `better`: neither does it well.
   */
  readonly kind: 'fails' | 'mailman3' | 'better';
  /** Words with which docs/differences.md says it. */
  readonly documented: string;
}

/** Every difference between Mailman 2.1 and Ferryman in the recorded traffic. */
export const deliberate: readonly Deliberate[] = [
  // Posts
  { cases: [3, 206], aspects: ['subject'], kind: 'fails', documented: 'in any case, with or without blanks' },
  {
    cases: [8],
    aspects: ['subject'],
    kind: 'fails',
    documented: 'a subject in two charsets loses characters',
  },
  {
    cases: [9, 10, 174, 361],
    aspects: ['subject'],
    kind: 'fails',
    documented: 'unencoded 8-bit subjects are sent as `=?unknown-8bit?…?=` (2.1: get no prefix)',
  },
  {
    cases: [16, 233],
    aspects: ['headers'],
    kind: 'mailman3',
    documented: 'a post without a `Message-ID` goes out without one',
  },
  { cases: [18], aspects: ['notices'], kind: 'fails', documented: 'is told to `MAILER-DAEMON`' },
  {
    cases: [43],
    aspects: ['decision', 'recipients'],
    kind: 'fails',
    documented: 'a multipart without a boundary is shunted',
  },
  { cases: [74, 203], aspects: ['notices'], kind: 'mailman3', documented: 'posts held in an emergency' },
  { cases: [96], aspects: ['headers'], kind: 'mailman3', documented: 'the author is added to a `Reply-To`' },
  {
    cases: [97, 197, 212, 222],
    aspects: ['headers'],
    kind: 'mailman3',
    documented: 'a wrapped post has no `Cc`',
  },
  {
    cases: [102],
    aspects: ['headers'],
    kind: 'mailman3',
    documented: 'both with `include_sender_header`',
  },
  { cases: [103], aspects: ['headers'], kind: 'mailman3', documented: '`List-Post: NO`' },
  { cases: [105], aspects: ['text'], kind: 'better', documented: '`%(user_language)s` is a code' },
  { cases: [107, 108, 109], aspects: ['text'], kind: 'fails', documented: 'none is dropped' },
  {
    cases: [118],
    aspects: ['text'],
    kind: 'better',
    documented: 'attachments are replaced by notes; archive and digest keep them',
  },
  {
    cases: [127, 128, 129, 130, 131, 146],
    aspects: ['notices'],
    kind: 'fails',
    documented: 'only those that are accepted or held',
  },
  {
    cases: [133],
    aspects: ['decision', 'notices'],
    kind: 'fails',
    documented: 'header filters see encoded words without the blanks around them',
  },
  {
    cases: [137],
    aspects: ['notices'],
    kind: 'better',
    documented: 'nor is mail with `Auto-Submitted`, `List-*` or the null sender',
  },
  { cases: [158, 196, 198], aspects: ['recipients'], kind: 'fails', documented: 'it is one mailbox' },
  {
    cases: [202],
    aspects: ['decision', 'counters'],
    kind: 'fails',
    documented: 'a private pipeline that names an unknown handler',
  },
  { cases: [209], aspects: ['decision'], kind: 'fails', documented: 'posts to a list whose file is damaged' },
  {
    cases: [151, 152, 153, 154, 157, 158],
    aspects: ['headers'],
    kind: 'mailman3',
    documented: 'mail to the owners leaves from the bounce address of the site list',
  },
  // Commands by mail
  {
    cases: [227, 312],
    aspects: ['notices'],
    kind: 'mailman3',
    documented: 'the automatic answer to commands also goes to -join, -leave and -confirm',
  },
  {
    cases: [231],
    aspects: ['decision', 'notices', 'members'],
    kind: 'fails',
    documented: 'one damaged list stops what looks at all lists',
  },
  {
    cases: [238, 316],
    aspects: ['decision', 'notices'],
    kind: 'fails',
    documented: 'one damaged list stops what looks at all lists',
  },
  {
    cases: [242, 291],
    aspects: ['decision', 'notices'],
    kind: 'mailman3',
    documented: 'mail whose only command is unknown',
  },
  {
    cases: [258, 265],
    aspects: ['notices'],
    kind: 'better',
    documented: '`set` without a right password is refused',
  },
  {
    cases: [270, 271, 274, 275, 287, 311],
    aspects: ['notices'],
    kind: 'mailman3',
    documented: 'who asks to join or leave by -request gets the confirmation only',
  },
  {
    cases: [279],
    aspects: ['decision', 'notices'],
    kind: 'better',
    documented: 'the answer would come back',
  },
  {
    cases: [249],
    aspects: ['notices'],
    kind: 'mailman3',
    documented: 'days are those of the time zone of the server',
  },
  {
    cases: [273, 284, 289],
    aspects: ['notices'],
    kind: 'better',
    documented: 'answers attach the mail as it came',
  },
  {
    cases: [288],
    aspects: ['members', 'notices'],
    kind: 'fails',
    documented: 'an expired token works until',
  },
  {
    cases: [296],
    aspects: ['decision', 'notices'],
    kind: 'better',
    documented: 'a line that begins with `>` is not read',
  },
  {
    cases: [303, 304],
    aspects: ['decision', 'notices'],
    kind: 'better',
    documented: 'only `Precedence` tells mail of robots',
  },
  {
    cases: [308, 313, 314],
    aspects: ['notices', 'members'],
    kind: 'mailman3',
    documented: 'without a confirmation of the address',
  },
  // Bounces
  {
    cases: [233],
    aspects: ['bounces'],
    kind: 'mailman3',
    documented: 'days are those of the time zone of the server',
  },
  {
    cases: [330],
    aspects: ['decision', 'notices'],
    kind: 'better',
    documented: 'a VERP address is read from `To` only',
  },
  {
    cases: [345, 346],
    aspects: ['notices'],
    kind: 'mailman3',
    documented: 'a bounce that is for the site is passed on as it came',
  },
  {
    cases: [373, 374, 376],
    aspects: ['notices'],
    kind: 'fails',
    documented: 'whose bounce record is lost',
  },
];
