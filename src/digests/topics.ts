import { stripSubject } from '../flow/subject.ts';
import { subjectText } from '../flow/subject-charset.ts';
import type { Say } from '../language/index.ts';
import { parseAddresses } from '../message/addresses.ts';
import type { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { oneLine } from '../templates/variables.ts';
import { displayWidth } from '../templates/width.ts';
import { wrapLines } from '../templates/wrap.ts';

/** Columns of a line with number and subject, without its indentation. */
const SUBJECT_WIDTH = 65;
/** Columns of a line with the author behind. */
const LINE_WIDTH = 70;
/** Characters of a subject or name beyond which nobody reads on. */
const LONGEST_TEXT = 1000;

/** What a digest contains: number, subject without the list's prefix, and author of each post. */
export function tableOfContents(
  posts: readonly Message[],
  list: MailingList,
  say: Say,
  likely: readonly string[],
): string {
  const lines = posts.flatMap((post, index) =>
    entryLines(
      `${String(index + 1).padStart(2)}.`,
      subjectOf(post, list, say, likely),
      authorOf(post, likely),
    ),
  );
  return [say('digest_topics'), '', ...lines].join('\n');
}

function entryLines(number: string, subject: string, author: string): string[] {
  const [first = '', ...rest] = wrapLines(`${number.trim()} ${subject}`, { width: SUBJECT_WIDTH });
  const lines =
    first === number.trim() && rest.length > 0 ? [`${first} ${rest.shift()}`, ...rest] : [first, ...rest];
  if (author !== '') {
    const name = ` (${author})`;
    const last = lines.at(-1) ?? '';
    if (displayWidth(last) + displayWidth(name) > LINE_WIDTH) lines.push(name.trim());
    else lines[lines.length - 1] = last + name;
  }
  return lines.map((line, index) =>
    index === 0 ? `  ${number.startsWith(' ') ? ' ' : ''}${line}` : `      ${line}`,
  );
}

function subjectOf(
  { headers }: Message,
  { settings }: MailingList,
  say: Say,
  likely: readonly string[],
): string {
  const subject = oneLine(subjectText(headers.get('Subject') ?? '', likely).slice(0, LONGEST_TEXT));
  const prefix = settings.subject_prefix;
  if (prefix.trim() === '') return subject || say('no_subject');
  const { text, isReply } = stripSubject(subject, prefix);
  return isReply ? `Re: ${text}` : text || say('no_subject');
}

function authorOf({ headers }: Message, likely: readonly string[]): string {
  const [author] = parseAddresses(headers.get('From') ?? '', { fallbacks: likely });
  return author ? oneLine((author.displayName || author.address).slice(0, LONGEST_TEXT)) : '';
}
