import { type ReadMessage, readMessage } from '../../archiving/read-message.ts';
import type { ArchivedMessage } from '../../archiving/store/types.ts';
import { NotFoundError } from '../errors.ts';
import { archivedList, type ListVisit } from './list-visit.ts';

/**
 * The message that `:hash` (a Message-ID-Hash) and `?copy=` name.
 * @throws NotFoundError where the list has no such message
 */
export async function findMessage(visit: ListVisit): Promise<ArchivedMessage> {
  const { archive, params, query } = visit;
  const copy = Number(query.get('copy') ?? 0);
  const hash = (params.hash ?? '').toUpperCase();
  const isHash = /^[A-Z2-7]{32}$/.test(hash) && Number.isSafeInteger(copy) && copy >= 0;
  const { id } = archivedList(visit);
  const found = isHash ? await archive.messageByHash(id, hash, copy) : undefined;
  if (!found) throw new NotFoundError('error_message_not_found');
  return found;
}

/** A message taken apart, with its bytes. */
export interface LoadedMessage {
  readonly read: ReadMessage;
  readonly bytes: Buffer;
  /** As people wrote it: without the `>` that an mbox puts before `From `. */
  readonly text: string;
}

/** @throws NotFoundError where it was deleted meanwhile */
export async function loadMessage(
  { archive, charsets }: Pick<ListVisit, 'archive' | 'charsets'>,
  { id }: Pick<ArchivedMessage, 'id'>,
): Promise<LoadedMessage> {
  const content = await archive.content(id);
  if (!content) throw new NotFoundError('error_message_not_found');
  const read = readMessage(content.message, { charsets, separator: content.separator });
  const isQuoted = content.separator.length > 0;
  return {
    read,
    bytes: content.message,
    text: isQuoted ? read.text.replace(/^>(>*From )/gm, '$1') : read.text,
  };
}
