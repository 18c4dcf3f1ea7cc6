import type { Message } from '../../message/message.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { MessageMetadata } from '../../queue/queues.ts';
import type { Handler } from '../post.ts';

export const toArchive: Handler = {
  name: 'to-archive',
  description: 'Gives the archivers a copy.',
  makesCopy: true,
  process: async ({ list, message, metadata }, { enqueue }) => {
    if (!isArchived(list, message, metadata)) return;
    await enqueue('archive', message.toBuffer(), {
      listid: list.listId,
      ...(metadata.received_time === undefined ? {} : { received_time: metadata.received_time }),
    });
  },
};

/** Whether a message goes to the archive: neither list nor author may be against it. */
export function isArchived(
  { settings }: MailingList,
  { headers }: Message,
  metadata: MessageMetadata,
): boolean {
  if (metadata.isdigest || settings.archive_policy === 'never') return false;
  return !headers.has('X-No-Archive') && !saysNo(headers.get('X-Archive')) && !saysNo(headers.get('Archive'));
}

/** `no`, perhaps with parameters behind it (RFC 5536 3.2.2). */
function saysNo(value: string | undefined): boolean {
  return /^\s*no\s*(?:;|$)/i.test(value ?? '');
}
