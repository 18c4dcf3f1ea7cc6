import { hostname } from 'node:os';
import { parseAddresses } from '../../src/message/addresses.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import type { Message } from '../../src/message/message.ts';
import { partText, walk } from '../../src/message/text.ts';
import type { Mailbox } from '../../src/model/email-address.ts';
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

/** The copy that the first recipient of each mail of Mailman 2.1 got. */
function comparePosts(
  theirs: readonly SentMail[],
  ours: readonly SentMail[],
  check: (aspect: Aspect, mailman: string, ferryman: string) => void,
): void {
  const pairs = theirs.flatMap((mail) => {
    const [first = ''] = mail.recipients;
    const copy = ours.find(({ recipients }) =>
      recipients.some((one) => one.toLowerCase() === first.toLowerCase()),
    );
    return copy ? [[mail, copy] as const] : [];
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

/** What was written by the author or makes a difference to programs, and means the same in Mailman 2.1 and 3. */
const COMPARED_HEADERS = [
  'From',
  'To',
  'Cc',
  'Reply-To',
  'Sender',
  'Date',
  'In-Reply-To',
  'References',
  'Precedence',
  'X-BeenThere',
  'List-Id',
  'List-Post',
  'X-Topics',
  'X-Mailman-Copy',
  'X-Mailman-Approved-At',
  'Resent-To',
  'Approved',
  'X-Approve',
  'Urgent',
  'DKIM-Signature',
  'Disposition-Notification-To',
  'Return-Receipt-To',
  'Keywords',
];

/** The envelope sender comes first. */
function headers({ sender, message: { headers: fields } }: SentMail): string {
  const lines = COMPARED_HEADERS.flatMap((name) =>
    fields.getAll(name).map((value) => `${name}: ${headerValue(name, value)}`),
  );
  return [`MAIL FROM ${headerValue('From', sender)}`, ...lines].join('\n');
}

function headerValue(name: string, value: string): string {
  switch (name) {
    case 'X-Mailman-Approved-At':
      return 'some time';
    case 'Cc':
    case 'Reply-To':
    case 'From':
    case 'Sender':
      return parseAddresses(value).map(shownMailbox).sort().join(', ');
    case 'X-Topics':
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

/** Types and texts of a message, without what each server invents: boundaries and transfer encodings. */
function text(message: Message): string {
  return [...walk(message)]
    .map((part) => {
      const { type, subtype } = part.contentType;
      const content = type === 'text' ? partText(part) : part.isMultipart ? '' : part.body.toString('latin1');
      return `${type}/${subtype} ${content.replaceAll('\r\n', '\n').trimEnd()}`;
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

/** Whom the list server wrote to; mail to an -owner address counts as mail to the owners. */
function readers(notices: readonly SentMail[], owners: ReadonlyMap<string, readonly string[]>): string {
  return notices
    .map(({ recipients }) => {
      const people = recipients
        .map((address) => address.toLowerCase())
        .flatMap((address) => owners.get(address) ?? [address]);
      return [...new Set(people.map((address) => address.toLowerCase()))].sort().join(' ');
    })
    .sort()
    .join('\n');
}

/** Number, readers and posts of a digest. */
function digest({ recipients, message }: SentMail): string {
  const numbers = decodeHeader(message.headers.get('Subject') ?? '').match(/\d+/g) ?? [];
  const type = message.root.isMultipart ? 'MIME' : 'plain';
  const people = recipients.map((address) => address.toLowerCase()).sort();
  return `${type} ${numbers.join('/')} to ${people.join(' ')}: ${postsOf(message).join(' ')}`;
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
