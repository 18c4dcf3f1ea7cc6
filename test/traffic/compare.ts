import { hostname } from 'node:os';
import { parseAddresses } from '../../src/message/addresses.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import type { Message } from '../../src/message/message.ts';
import { partText, walk } from '../../src/message/text.ts';
import type { Mailbox } from '../../src/model/email-address.ts';
import { noticeKind } from './notice-kinds.ts';
import type { Outcome, SentMail } from './outcome.ts';
import { sameReason } from './reasons.ts';

/** What is compared of each case. */
export const aspects = [
  'decision',
  'reason',
  'recipients',
  'subject',
  'headers',
  'text',
  'commands',
  'notices',
  'digests',
  'members',
  'bounces',
  'counters',
] as const;
export type Aspect = (typeof aspects)[number];

/** Two different values of an aspect, as people read them. */
export interface Difference {
  readonly mailman: string;
  readonly ferryman: string;
}

/** The aspects that a case has; undefined where they are equal. */
export type Comparison = ReadonlyMap<Aspect, Difference | undefined>;

/** @param owners the administrators of a list, by the -owner address that Mailman 2.1 writes to */
export function compare(
  theirs: Outcome,
  ours: Outcome,
  owners: ReadonlyMap<string, readonly string[]>,
): Comparison {
  const found = new Map<Aspect, Difference | undefined>();
  const check = (aspect: Aspect, mailman: string, ferryman: string): void => {
    if (mailman !== '' || ferryman !== '')
      found.set(aspect, mailman === ferryman ? undefined : { mailman, ferryman });
  };
  check('decision', theirs.decision, ours.decision);
  if (theirs.reason !== '' && theirs.decision === ours.decision)
    found.set(
      'reason',
      sameReason(theirs.reason, ours.reason, textsOf(ours.notices).join('\n'))
        ? undefined
        : { mailman: theirs.reason, ferryman: ours.reason },
    );
  check('recipients', theirs.recipients.join(' '), ours.recipients.join(' '));
  comparePosts(theirs.posts, ours.posts, check);
  check('commands', isAnswered(theirs) ? 'understood' : '', isAnswered(theirs) ? understanding(ours) : '');
  check('notices', readers(theirs.notices, owners), readers(ours.notices, owners));
  check('digests', theirs.digests.map(digest).sort().join('\n'), ours.digests.map(digest).sort().join('\n'));
  check('members', theirs.members.join('\n'), ours.members.join('\n'));
  check('bounces', theirs.bounces.join('\n'), ours.bounces.join('\n'));
  check('counters', theirs.counters.join('\n'), ours.counters.join('\n'));
  return found;
}

/** Every two copies that a recipient got from Mailman 2.1 and from Ferryman; who got none shows among the recipients. */
function comparePosts(
  theirs: readonly SentMail[],
  ours: readonly SentMail[],
  check: (aspect: Aspect, mailman: string, ferryman: string) => void,
): void {
  const copies = new Map<string, SentMail>();
  for (const mail of ours)
    for (const address of mail.recipients)
      copies.set(address.toLowerCase(), copies.get(address.toLowerCase()) ?? mail);
  const pairs = theirs.flatMap((mail) => {
    const own = mail.recipients
      .map((address) => copies.get(address.toLowerCase()))
      .filter((copy) => copy !== undefined);
    return [...new Set(own)].map((copy) => [mail, copy] as const);
  });
  for (const [aspect, describe] of [
    ['subject', ({ message }: SentMail) => subject(message)],
    ['headers', headers],
    ['text', ({ message }: SentMail) => text(message)],
  ] as const) {
    const all = pairs.map(([their, our]) => [describe(their), describe(our)] as const);
    const different = all.filter(([their, our]) => their !== our);
    const shown = different.length > 0 ? different : all;
    check(aspect, shown.map(([their]) => their).join('\n'), shown.map(([, our]) => our).join('\n'));
  }
}

function subject({ headers: fields }: Pick<Message, 'headers'>): string {
  return comparableSubject(decodeHeader(fields.get('Subject') ?? '', { fallbacks: ['euc-jp'] }));
}

/** The mark of an answer stands before the prefix in Mailman 2.1, behind it in Mailman 3; runs of blanks count as one. */
function comparableSubject(decoded: string): string {
  return decoded
    .replace(/^((?:\[[^\]]*\]|\([^)]*\)) )Re: /, 'Re: $1')
    .replace(/[ \t]+/g, ' ')
    .trim();
}

/** Of the outermost part; what they say is seen in the texts, which are compared decoded. */
const ABOUT_CONTENT = ['content-type', 'content-transfer-encoding', 'mime-version'];

/** Headers that are not compared: what each server invents for itself, or what Mailman 3 says in another way than 2.1. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  ...ABOUT_CONTENT,
  'subject', // an aspect of its own
  'x-mailman-version',
  'x-mailfrom', // of Mailman 3, as are the four that follow
  'message-id-hash',
  'x-message-id-hash',
  'x-mailman-rule-hits',
  'x-mailman-rule-misses',
  'list-owner',
  'list-archive', // no web pages here
  'list-subscribe', // the addresses of pages and commands are those of Mailman 3
  'list-unsubscribe',
]);

/** The envelope sender comes first. */
function headers({ sender, message }: SentMail): string {
  return [`MAIL FROM ${headerValue('From', sender)}`, ...comparedHeaders(message, NOT_COMPARED)].join('\n');
}

function comparedHeaders({ headers: fields }: Pick<Message, 'headers'>, left: ReadonlySet<string>): string[] {
  const names = new Set(
    fields.fields.map(({ name }) => name.toLowerCase()).filter((name) => !left.has(name)),
  );
  return [...names]
    .sort()
    .flatMap((name) => fields.getAll(name).map((value) => `${name}: ${headerValue(name, value)}`));
}

function headerValue(name: string, value: string): string {
  switch (name.toLowerCase()) {
    case 'x-mailman-approved-at':
      return 'some time';
    case 'x-content-filtered-by':
      return value.replace(/[\d.]+$/, '');
    case 'message-id':
      return OWN_ID.test(value) ? 'of the list server' : value;
    case 'cc':
    case 'reply-to':
    case 'from':
    case 'sender':
      return parseAddresses(value).map(shownMailbox).sort().join(', ');
    case 'x-topics':
      return value
        .split(/[\r\n\t]+/)
        .map((topic) => topic.trim())
        .sort()
        .join(' | ');
    default:
      return decodeHeader(value, { fallbacks: ['euc-jp'] })
        .replace(/\s+/g, ' ')
        .replaceAll('"', '')
        .trim();
  }
}

/** The site's own address is that of a list in Mailman 2.1. */
function shownMailbox({ displayName, address }: Mailbox): string {
  const name = displayName.replace(/[\\"]/g, '').replace(/\s+/g, ' ').trim();
  return `${name} <${address.replace(/^mailman-(?:bounces|owner)@/, 'mailman@')}>`;
}

/** Types, headers and texts of all parts, without what each server invents: boundaries and transfer encodings. */
function text(message: Message): string {
  return [...walk(message)]
    .map((part) => {
      const { type, subtype } = part.contentType;
      const fields = part === message.root ? [] : comparedHeaders(part, new Set(ABOUT_CONTENT));
      const content = type === 'text' ? partText(part) : part.isMultipart ? '' : part.body.toString('latin1');
      return [`${type}/${subtype} ${content.replaceAll('\r\n', '\n').replace(/\n+$/, '')}`, ...fields].join(
        '\n',
      );
    })
    .join('\n');
}

function isAnswered({ decision, notices }: Outcome): boolean {
  return decision === 'command processed' && notices.length > 0;
}

/** Whether the answers to commands of Mailman 2.1 say that there are no such commands or arguments here. */
function understanding({ notices }: Outcome): string {
  const unknown = textsOf(notices).flatMap((body) => body.match(NOT_UNDERSTOOD) ?? []);
  return unknown.length === 0 ? 'understood' : unknown.map((line) => line.trim()).join('\n');
}

function textsOf(mails: readonly SentMail[]): string[] {
  return mails.flatMap(({ message }) => [...walk(message)].map((part) => partText(part)));
}

const NOT_UNDERSTOOD =
  /^\s*(?:No such command: (?:info|lists|options|password|remove|set)|join bad argument: .*|Unrecognized or invalid argument.*)$/gim;

/**
 * What the list server wrote to whom, and what it attached; mail to an -owner address counts as mail to the owners, and
 * the same notice to several of them as one.
 */
function readers(notices: readonly SentMail[], owners: ReadonlyMap<string, readonly string[]>): string {
  return [...Map.groupBy(notices, about)]
    .flatMap(([what, mails]) =>
      mails.map(({ recipients }) => {
        const people = recipients
          .map((address) => address.toLowerCase())
          .flatMap((address) => owners.get(address) ?? [address]);
        return `${what} to ${people
          .map((address) => address.toLowerCase())
          .sort()
          .join(' ')}`;
      }),
    )
    .sort()
    .join('\n');
}

function about({ message }: SentMail): string {
  const kind = noticeKind(subject(message));
  const attached = [...walk(message)].filter((part) => part.contentType.type === 'message').length;
  return attached > 0 ? `${kind}, with mail` : kind;
}

/** Number, readers, posts and table of contents of a digest. */
function digest({ recipients, message }: SentMail): string {
  const numbers = decodeHeader(message.headers.get('Subject') ?? '').match(/\d+/g) ?? [];
  const type = message.root.isMultipart ? 'MIME' : 'plain';
  const people = recipients.map((address) => address.toLowerCase()).sort();
  return [
    `${type} ${numbers.join('/')} to ${people.join(' ')}: ${postsOf(message).join(' ')}`,
    ...contentsOf(message),
  ].join('\n');
}

/**
 * Number, subject and author of each post in the table of contents. Mailman 2.1 loses what its charset lacks, a prefix
 * that it does not recognise stays there, and control characters as well.
 */
function contentsOf(message: Message): string[] {
  const texts = [...walk(message)]
    .filter((part) => !part.isMultipart)
    .map((part) => partText(part).replaceAll('\r\n', '\n'));
  const [contents = ''] = texts.flatMap((body) => body.match(/^ {3}1\. (?:.+\n)+/m) ?? []);
  return contents.split(/^(?= {1,3}\d+\. )/m).map((entry) =>
    entry
      .replace(/\[(?:plain|[^\]]*\d+)\] /i, '')
      .replace(/[^\x20-\x7e]+|\?+|\s+/g, ' ')
      .replace(/ +/g, ' ')
      .trim(),
  );
}

/** The Message-IDs of the posts in a digest, but for those that a list server has made. */
function postsOf(message: Message): string[] {
  const nested = [...walk(message)].filter((part) => part !== message.root);
  const ids = message.root.isMultipart
    ? nested.flatMap((part) => part.headers.getAll('Message-ID'))
    : [...partText(message.root).matchAll(/^Message-ID:\s*(<\S+>)/gim)].map(([, id = '']) => id);
  return ids.filter((id) => !OWN_ID.test(id)).map((id) => id.trim());
}

const OWN_ID = new RegExp(
  `^<(?:mailman\\.\\d+\\.|\\S*@(?:lists\\.example\\.\\w+|${RegExp.escape(hostname())})>)`,
);
