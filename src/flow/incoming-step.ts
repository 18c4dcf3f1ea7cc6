import { findList } from '../database/lists.ts';
import { ensureAddresses } from '../membership/people.ts';
import { Message } from '../message/message.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Step } from '../queue/step.ts';
import { runChain } from './chains/run.ts';
import { NoSuchListError } from './errors.ts';
import { answersOnly, replybot } from './handlers/replybot.ts';
import { DiscardPost, type Post } from './post.ts';
import { senderLanguage } from './sender-language.ts';
import { sendersOf } from './senders.ts';

/** Whoever's mail ends here learns so, or nothing; an automatic answer beside that would only reach forged senders. */
const UNANSWERED: ReadonlySet<string> = new Set(['discard', 'reject']);

/**
 * The step of the queue `in`: makes the senders known, takes the message through the list's chain (mail-flow.md section
 * 3), and answers automatically where the list wants it; a list that only answers does nothing else.
 * @throws NoSuchListError
 */
export async function incomingStep(entry: IncomingEntry, step: Step): Promise<void> {
  await decidePost(entry, step);
}

/** An entry of the queue `in`. */
export interface IncomingEntry {
  readonly message: Uint8Array;
  readonly metadata: MessageMetadata;
}

/** What the chain of a list made of a post. */
export interface Decided {
  /** The chain that ended its way: `accept`, `hold`, `reject` or `discard`. */
  readonly end: string;
  readonly post: Post;
}

/** The same, for those who want to know the outcome. @throws NoSuchListError */
export async function decidePost(
  { message: content, metadata }: IncomingEntry,
  step: Step,
): Promise<Decided> {
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
  if (answersOnly(post)) {
    await answerOnly(post, step);
    return { end: 'discard', post };
  }
  await ensureAddresses(step.connection, senders, null);
  const { owner_chain, posting_chain } = list.settings;
  const end = await runChain(post, step, metadata.to_owner ? owner_chain : posting_chain);
  if (!UNANSWERED.has(end)) await replybot.process(post, step);
  return { end, post };
}

async function answerOnly(post: Post, step: Step): Promise<void> {
  try {
    await replybot.process(post, step);
  } catch (error) {
    if (!(error instanceof DiscardPost)) throw error;
    step.log('vette', `DISCARD: ${post.message.headers.get('Message-ID') ?? 'n/a'}; ${error.message}`);
  }
}
