import { inSavepoint } from '../../src/database/savepoint.ts';
import type { Decision, ShadowOutcome } from '../../src/database/shadow-posts.ts';
import { decidePost } from '../../src/flow/incoming-step.ts';
import { finishPost } from '../../src/flow/pipeline-step.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import { Message } from '../../src/message/message.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import { shareOutside } from '../../src/queue/outside.ts';
import type { MessageMetadata, QueueName } from '../../src/queue/queues.ts';
import type { Step } from '../../src/queue/step.ts';
import { authorOf } from './author.ts';

/** What a step put into a queue. */
export interface Enqueued {
  readonly queue: QueueName;
  readonly message: Buffer;
  readonly metadata: MessageMetadata;
}

/** What would become of a post. */
export interface Rehearsal {
  readonly decision: Decision;
  readonly outcome: Omit<ShadowOutcome, 'delivered'>;
  /** What would have gone into the pipeline, where the chain accepted it. */
  readonly accepted: Enqueued | undefined;
  /** All else that would have been put into queues. */
  readonly enqueued: readonly Enqueued[];
}

type Outcome = Pick<Rehearsal, 'decision' | 'accepted'> & { readonly reasons: readonly string[] };

/** Ends a rehearsal, so that nothing of it stays. */
class Rehearsed extends Error {
  override name = 'Rehearsed';
}

type Entry = Pick<QueueEntry, 'message' | 'metadata'>;

/**
 * Takes a post through the whole flow and undoes it all: no number is used, nothing is held, nobody is told.
 * @throws what the flow throws
 */
export async function rehearse(entry: Entry, step: Step): Promise<Rehearsal> {
  return rehearseWith(goThrough, entry, step);
}

/** The same with a post that somebody has accepted. */
export async function rehearseAccepted(entry: Entry, step: Step): Promise<Rehearsal> {
  return rehearseWith((next, collected) => finishAccepted(next, collected, []), entry, step);
}

async function rehearseWith(
  work: (entry: Entry, step: Step, enqueued: Enqueued[]) => Promise<Outcome>,
  entry: Entry,
  step: Step,
): Promise<Rehearsal> {
  const enqueued: Enqueued[] = [];
  let decided: Outcome | undefined;
  try {
    await inSavepoint(step.connection, async () => {
      decided = await work(entry, collecting(step, enqueued), enqueued);
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  if (!decided) throw new Error('A rehearsal ended without a decision');
  const posts = enqueued.filter(({ queue }) => queue === 'out');
  return {
    decision: decided.decision,
    accepted: decided.accepted,
    outcome: {
      ...authorOf(entry.message, entry.metadata),
      reasons: decided.reasons,
      recipients: posts.flatMap(({ metadata }) => (metadata.recipients ?? []).map(addressKey)).sort(),
      ...(posts.some(({ metadata }) => metadata.personalize) ? { is_personal: true } : {}),
      notices: enqueued.filter(({ queue }) => queue === 'virgin').map(({ message }) => subjectOf(message)),
    },
    enqueued,
  };
}

async function goThrough(entry: Entry, step: Step, enqueued: Enqueued[]): Promise<Outcome> {
  const { end, post } = await decidePost(entry, step);
  const reasons = post.metadata.moderation_reasons ?? [];
  if (end !== 'accept') return { decision: end as Decision, reasons, accepted: undefined };
  const accepted = enqueued.findIndex(({ queue }) => queue === 'pipeline');
  const [next] = enqueued.splice(accepted, 1);
  if (!next) throw new Error('An accepted post went into no pipeline');
  return { ...(await finishAccepted(next, step, reasons)), accepted: next };
}

async function finishAccepted(entry: Entry, step: Step, reasons: readonly string[]): Promise<Outcome> {
  const { end, reasons: why } = await finishPost(entry, step);
  if (end === 'finished') return { decision: 'accept', reasons, accepted: undefined };
  return { decision: end, reasons: why, accepted: undefined };
}

/** A step that puts nothing into queues, and writes no log. */
function collecting(step: Step, enqueued: Enqueued[]): Step {
  const collected: Step = {
    ...step,
    log: () => {},
    enqueue: async (queue, message, metadata) => {
      enqueued.push({ queue, message: Buffer.from(message), metadata: structuredClone(metadata) });
    },
  };
  shareOutside(collected, step);
  return collected;
}

function subjectOf(message: Buffer): string {
  return decodeHeader(Message.parse(message).headers.get('Subject') ?? '');
}
