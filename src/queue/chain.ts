import { createHash } from 'node:crypto';
import type { Connection } from '../database/handle.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { nextEntryId, type QueueEntry } from './entry.ts';
import { describeError, isCollision, isPassing, PutOffError } from './errors.ts';
import { type HeldEntry, heldEntry } from './held-entries.ts';
import { isLarge } from './large-messages.ts';
import { allowOutside, OutsideAnswers, resolverOutside, SuspendedStep } from './outside.ts';
import { type QueueWrites, queueWrites } from './queue-writes.ts';
import type { MessageMetadata, QueueName } from './queues.ts';
import type { Services, Step } from './step.ts';

/** Works on one entry in one transaction; when it throws, nothing of it has happened and the entry is shunted. */
export type Processor = (entry: QueueEntry, step: Step) => Promise<void>;

/** What a chain of steps needs of the engine that runs it. */
export interface ChainHost {
  readonly services: Services;
  readonly workerId: string;
  /** The processor of a queue whose entries may be worked on in the transaction that makes them. */
  processorAtOnce(queue: QueueName): Processor | undefined;
  /** Whether this process takes a new entry at once, instead of leaving it to whoever comes. */
  holds(queue: QueueName, size: number): boolean;
}

/** Steps in one transaction: more than any way through the queues has, and a bound for what goes in circles. */
const MAX_LENGTH = 8;

interface FollowUp {
  readonly queue: QueueName;
  readonly message: Buffer;
  readonly metadata: MessageMetadata;
}

/**
 * Works on an entry and, in the same transaction, on what its step puts into other queues, as far as nothing else waits
 * there. Only what cannot go on at once is stored: a post on its way through three queues is written twice, when it
 * comes and when it goes out. A large one is stored each time: it is to be in memory once. Each step still happens wholly or not at all: a later one that fails is undone to its own
 * savepoint, and its message stored as shunted.
 */
export class Chain {
  /** Entries that this process holds from now on, once the transaction is committed. */
  readonly held: HeldEntry[] = [];
  /** Identifiers of all entries that it has stored. */
  readonly entryIds: string[] = [];
  /** Queues that got entries which nobody holds, and of which other processes are to hear. */
  readonly left = new Set<QueueName>();
  /** What was shunted, for the log. */
  readonly shunted: { readonly queue: QueueName; readonly error: unknown }[] = [];
  readonly #host: ChainHost;
  readonly #connection: Connection;
  readonly #writes: QueueWrites;
  readonly #stored: StoredMessage[] = [];

  constructor(host: ChainHost, connection: Connection) {
    this.#host = host;
    this.#connection = connection;
    this.#writes = queueWrites(connection);
  }

  /**
   * Works on an entry that this process holds, and finishes it.
   * @throws SuspendedStep where its step waits for something outside; whatever the step throws
   */
  async run(entry: HeldEntry, process: Processor): Promise<void> {
    this.#stored.push({ messageId: entry.messageId, content: contentOf(entry.message) });
    await this.#step(entry.answers, (step) => process(entry, step), 1);
    this.#writes.finish(entry, this.#host.workerId);
  }

  /** Accepts a new message into a queue. */
  async accept(queue: QueueName, message: Buffer, metadata: MessageMetadata): Promise<void> {
    await this.#store({ queue, message, metadata }, {});
  }

  /** Does part of a consumer's work for an entry as a step; what that puts into queues is worked on at once too. */
  async perform<T>(entry: HeldEntry, work: (step: Step) => Promise<T>): Promise<T> {
    this.#stored.push({ messageId: entry.messageId, content: contentOf(entry.message) });
    return this.#step(entry.answers, work, 1);
  }

  async #step<T>(answers: OutsideAnswers, work: (step: Step) => Promise<T>, length: number): Promise<T> {
    const { services } = this.#host;
    const followUps: FollowUp[] = [];
    const step: Step = {
      ...services,
      resolver: resolverOutside(services.resolver, answers),
      connection: this.#connection,
      enqueue: async (queue, message, metadata) => {
        // A copy of the metadata as reading it back would give it: the caller may go on changing its own.
        const copy = JSON.parse(JSON.stringify(metadata)) as MessageMetadata;
        const followUp = { queue, message: toBuffer(message), metadata: copy };
        // A large one is not to be in memory while this step, or one that follows it, makes the next one.
        if (isLarge(message.length)) await this.#store(followUp, {});
        else followUps.push(followUp);
      },
    };
    allowOutside(step, answers);
    const result = await work(step).catch((error: unknown) => {
      throw answers.isPending ? new SuspendedStep() : error;
    });
    // A step may have caught what would have suspended it, and gone on without the answer.
    if (answers.isPending) throw new SuspendedStep();
    for (const followUp of followUps) await this.#follow(followUp, length);
    return result;
  }

  async #follow(followUp: FollowUp, length: number): Promise<void> {
    const process = length < MAX_LENGTH ? this.#host.processorAtOnce(followUp.queue) : undefined;
    if (!process) return this.#store(followUp, {});
    const answers = new OutsideAnswers();
    const entry: QueueEntry = { ...followUp, id: nextEntryId(), attempts: 0 };
    const heldBefore = this.held.length;
    const storedBefore = this.#stored.length;
    const writtenBefore = this.#writes.mark();
    try {
      await inSavepoint(this.#connection, () =>
        this.#step(answers, (step) => process(entry, step), length + 1),
      );
    } catch (error) {
      this.held.splice(heldBefore);
      this.#stored.splice(storedBefore);
      this.#writes.undo(writtenBefore);
      if (isPassing(error)) throw error;
      // Tried again by itself: when the answer is there, or what stands in the way is committed or over.
      if (error instanceof SuspendedStep || error instanceof PutOffError || isCollision(error)) {
        return this.#store(followUp, { answers });
      }
      this.shunted.push({ queue: followUp.queue, error });
      const metadata = { ...followUp.metadata, whichq: followUp.queue };
      await this.#store({ ...followUp, queue: 'shunt', metadata }, { error: describeError(error) });
    }
  }

  async #store(
    { queue, message, metadata }: FollowUp,
    { answers, error }: { readonly answers?: OutsideAnswers; readonly error?: string },
  ): Promise<void> {
    const { services, workerId } = this.#host;
    const messageId = await this.#storeMessage(message);
    const id = nextEntryId();
    this.entryIds.push(id);
    const isHeld = this.#host.holds(queue, message.length);
    this.#writes.insert({
      entry_id: id,
      queue,
      message_id: messageId,
      metadata: JSON.stringify(metadata),
      run_at: services.clock.now(),
      attempts: 0,
      recoveries: 0,
      worker_id: isHeld ? workerId : null,
      error: error ?? null,
    });
    if (!isHeld) {
      this.left.add(queue);
      return;
    }
    const fields = { id, queue, message, messageId, metadata, attempts: 0, recoveries: 0, isNew: true };
    const entry = heldEntry(fields);
    this.held.push(answers ? { ...entry, answers } : entry);
  }

  /** The same bytes are stored once, however many queues they go into. */
  async #storeMessage(message: Buffer): Promise<string> {
    const wanted = contentOf(message);
    const known = this.#stored.find(({ content }) => isSame(content, wanted));
    if (known) return known.messageId;
    const messageId = nextEntryId();
    this.#stored.push({ messageId, content: wanted });
    await this.#writes.storeMessage(messageId, message);
    return messageId;
  }
}

/** What tells whether two messages are the same: the bytes, or of a large one only their digest. */
type Content = Buffer | string;

interface StoredMessage {
  readonly messageId: string;
  readonly content: Content;
}

function contentOf(message: Buffer): Content {
  return isLarge(message.length) ? createHash('sha256').update(message).digest('hex') : message;
}

function isSame(one: Content, other: Content): boolean {
  return typeof one === 'string' || typeof other === 'string' ? one === other : one.equals(other);
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
