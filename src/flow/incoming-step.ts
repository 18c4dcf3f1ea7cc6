import { findList } from '../database/lists.ts';
import { ensureAddresses } from '../membership/people.ts';
import { Message } from '../message/message.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import { runChain } from './chains/run.ts';
import { NoSuchListError } from './errors.ts';
import { replybot } from './handlers/replybot.ts';
import { DiscardPost, type Post } from './post.ts';
import { senderLanguage } from './sender-language.ts';
import { sendersOf } from './senders.ts';
import type { Step } from './step.ts';

/**
 * The step of the queue `in`: answers automatically where the list wants it, makes the senders known, and takes the
 * message through the list's chain (mail-flow.md section 3).
 * @throws NoSuchListError
 */
export async function incomingStep(
  { message: content, metadata }: { readonly message: Uint8Array; readonly metadata: MessageMetadata },
  step: Step,
): Promise<void> {
  const listId = metadata.listid ?? '';
  const list = await findList(step.connection, listId);
  if (!list) throw new NoSuchListError(`No such list: ${listId}`);
  const message = Message.parse(content);
  const senders = sendersOf(message, metadata, step.config.mailman.sender_headers);
  const post: Post = {
    list,
    message,
    metadata: { ...metadata, lang: await senderLanguage(step.connection, list, senders) },
  };
  try {
    await replybot.process(post, step);
  } catch (error) {
    if (!(error instanceof DiscardPost)) throw error;
    step.log('vette', `DISCARD: ${message.headers.get('Message-ID') ?? 'n/a'}; ${error.message}`);
    return;
  }
  await ensureAddresses(step.connection, senders, null);
  await runChain(post, step, metadata.to_owner ? list.settings.owner_chain : list.settings.posting_chain);
}
