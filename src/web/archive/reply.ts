import type { ArchivedMessage } from '../../archiving/store/types.ts';
import { stripSubject } from '../../flow/subject.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import type { ListVisit } from './list-visit.ts';

/** A link that opens an answer to the list in the reader's own mailer, which belongs to the thread (RFC 6068). */
export function replyUrl({ messageId, subject }: ArchivedMessage, { list }: Pick<ListVisit, 'list'>): string {
  const { text } = stripSubject(subject, '');
  const fields = [
    ['In-Reply-To', `<${messageId}>`],
    ['Subject', `Re: ${text}`],
  ].map(([name, value = '']) => `${name}=${encodeURIComponent(value.toWellFormed())}`);
  return `mailto:${encodeURIComponent(postingAddress(list)).replace('%40', '@')}?${fields.join('&')}`;
}
