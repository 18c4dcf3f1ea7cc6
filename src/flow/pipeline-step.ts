import { findList } from '../database/lists.ts';
import { FerrymanError } from '../errors.ts';
import { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { tidyAfter } from '../queue/large-messages.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Step } from '../queue/step.ts';
import { NoSuchListError } from './errors.ts';
import { findPipeline, type Pipeline } from './pipelines.ts';
import { DiscardPost, type Post, RejectPost } from './post.ts';
import { rejectPost } from './reject-post.ts';

/** A list wants a pipeline that nobody knows; its posts wait for the administrator. */
export class UnknownPipelineError extends FerrymanError {
  override name = 'UnknownPipelineError';
}

/** An entry of a queue, as far as a pipeline looks at it. */
export interface PipelineEntry {
  readonly message: Uint8Array;
  readonly metadata: MessageMetadata;
}

/** How a pipeline ended: all handlers were done, or one of them ended the way of the post. */
export interface PipelineOutcome {
  readonly end: 'finished' | 'discard' | 'reject';
  readonly reasons: readonly string[];
}

/** The queue `pipeline`: takes an accepted post, or mail to the owners, through the pipeline of its list. @throws NoSuchListError, UnknownPipelineError */
export async function pipelineStep(entry: PipelineEntry, step: Step): Promise<void> {
  await finishPost(entry, step);
}

/** The same, for those who want to know the outcome: a handler may have discarded or rejected the post. @throws NoSuchListError, UnknownPipelineError */
export async function finishPost({ message, metadata }: PipelineEntry, step: Step): Promise<PipelineOutcome> {
  const post = await openPost(message, metadata, step);
  const { owner_pipeline, posting_pipeline } = post.list.settings;
  const name = metadata.pipeline ?? (metadata.to_owner ? owner_pipeline : posting_pipeline);
  return runPipeline(post, step, pipelineNamed(name, post.list), message.length);
}

/** The queue `virgin`: takes mail that the server itself has written to those whom it is for. @throws NoSuchListError */
export async function virginStep({ message, metadata }: PipelineEntry, step: Step): Promise<void> {
  const post = await openPost(message, { ...metadata, virgin: true }, step);
  await runPipeline(post, step, pipelineNamed('virgin', post.list));
}

/**
 * Takes a post through a pipeline. A handler may end its way: then it is discarded, or goes back to its sender.
 * @param octets of the post, where it may be large
 */
async function runPipeline(
  post: Post,
  step: Step,
  { name, handlers }: Pipeline,
  octets = 0,
): Promise<PipelineOutcome> {
  for (const handler of handlers) {
    try {
      await handler.process(post, step);
      if (handler.makesCopy) tidyAfter(octets);
    } catch (error) {
      if (!(error instanceof DiscardPost || error instanceof RejectPost)) throw error;
      const id = post.message.headers.get('Message-ID') ?? 'n/a';
      const how = error instanceof DiscardPost ? 'discarded' : 'rejected';
      const why = error.reasons.join('; ') || 'n/a';
      step.log('vette', `${id} ${how} by "${name}" pipeline handler "${handler.name}": ${why}`);
      if (error instanceof RejectPost)
        await rejectPost({ ...post, message: error.original ?? post.message }, step, error.reasons);
      return { end: error instanceof RejectPost ? 'reject' : 'discard', reasons: error.reasons };
    }
  }
  return { end: 'finished', reasons: [] };
}

async function openPost(bytes: Uint8Array, metadata: MessageMetadata, step: Step): Promise<Post> {
  const list = await findList(step.connection, metadata.listid ?? '');
  if (!list) throw new NoSuchListError(`No such list: ${metadata.listid ?? 'none named'}`);
  return { list, message: Message.parse(bytes), metadata: { ...metadata } };
}

function pipelineNamed(name: string, { listId }: MailingList): Pipeline {
  const pipeline = findPipeline(name);
  if (!pipeline)
    throw new UnknownPipelineError(`List ${listId} wants the pipeline ${name}, which is not known`);
  return pipeline;
}
