import type { Config } from '../config/index.ts';
import { likelyCharsets, listCharset } from '../flow/list-charset.ts';
import { stripSubject } from '../flow/subject.ts';
import { encodeSubject, subjectText } from '../flow/subject-charset.ts';
import type { Message } from '../message/message.ts';
import { newMessageId } from '../message/message-id.ts';
import { headerAddress } from '../model/email-address.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';

/**
 * Makes a post of a list an article for its newsgroup (mail-flow.md section 15, RFC 5536): approved where the group is
 * moderated, without the list's prefix where `nntp_prefix_subject_too` is off, without what `[nntp] remove_headers` names,
 * with each header once of those in `rewrite_duplicate_headers`.
 */
export function prepareArticle(message: Message, list: MailingList, config: Config): void {
  const { headers } = message;
  const { settings } = list;
  for (const name of config.nntp.remove_headers) headers.delete(name);
  if (settings.newsgroup_moderation !== 'none') headers.set('Approved', headerAddress(postingAddress(list)));
  if (!settings.nntp_prefix_subject_too) removePrefix(message, list, config);
  const groups = newsgroupsIn(headers.get('Newsgroups') ?? '');
  if (!groups.includes(settings.linked_newsgroup))
    headers.set('Newsgroups', [...groups, settings.linked_newsgroup].join(','));
  const messageId = headers.get('Message-ID')?.replace(/\s+/g, '');
  headers.set('Message-ID', messageId || newMessageId(list.mailHost));
  for (const [name, rewritten] of config.nntp.rewrite_duplicate_headers) {
    const [first, ...others] = headers.getAll(name);
    if (first === undefined || others.length === 0) continue;
    headers.delete(name);
    headers.append(name, first);
    for (const value of others) headers.append(rewritten, value);
  }
  // RFC 5536 2.2: an empty header makes a news server refuse the article.
  headers.deleteWhere(({ name }) => name === '' || (headers.get(name) ?? '').trim() === '');
  if (!headers.has('Subject')) headers.append('Subject', '(no subject)');
  if (!headers.has('Lines')) headers.append('Lines', String(lineCount(message.root.body)));
}

/** The groups that a header Newsgroups names. */
export function newsgroupsIn(value: string): string[] {
  return value.split(/[\s,]+/).filter((name) => name !== '');
}

function removePrefix({ headers }: Message, list: MailingList, config: Config): void {
  const raw = headers.get('Subject') ?? '';
  const { text, isReply } = stripSubject(
    subjectText(raw, likelyCharsets(config, list)),
    list.settings.subject_prefix,
  );
  if (text === '') return;
  const subject = encodeSubject(isReply ? `Re: ${text}` : text, raw, listCharset(config, list));
  if (subject !== raw) headers.set('Subject', subject);
}

function lineCount(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(0x0a); at >= 0; at = body.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
