import { createHash } from 'node:crypto';
import type { ArchiveReader, ArchiveWriter } from '../../src/archiving/store/archive.ts';
import type { ListTraits } from '../../src/archiving/store/incoming.ts';
import type { ArchivedList, ImportRun } from '../../src/archiving/store/types.ts';
import { FerrymanError } from '../../src/errors.ts';
import { tidyUp } from '../../src/queue/large-messages.ts';
import { MboxError } from '../mbox/errors.ts';
import { type MboxEntry, readMbox } from '../mbox/reader.ts';
import type { Surroundings } from '../mbox/separator.ts';
import type { NumberingState } from '../pipermail/numbering.ts';
import { type BatchEntry, type BatchOutcome, type Preparing, prepareBatch, storeBatch } from './batch.ts';
import { EntryPlaces, type PipermailTraits } from './entry-places.ts';
import type { MboxSource } from './mbox-file.ts';
import { type Counts, type Finding, withFinding } from './report.ts';
import { type ImportState, INITIAL, type LastEntry, readState } from './state.ts';

/** An mbox cannot be imported: the message names list, file and byte. */
export class ArchiveImportError extends FerrymanError {
  override name = 'ArchiveImportError';
}

export interface MboxImportOptions {
  readonly list: ArchivedList;
  readonly traits: ListTraits;
  readonly source: MboxSource;
  readonly pipermail: PipermailTraits;
  /** Tells runs apart that read the same file in another way. */
  readonly variant: string;
  /** Messages before it are left out; epoch milliseconds. */
  readonly since: number | undefined;
  /** The number that the first message had. */
  readonly firstNumber: number;
  /** Called with the bytes and messages that are done. */
  readonly onProgress: (bytes: number, messages: number) => void;
  /** Called with what was found in messages that are stored. */
  readonly onFindings?: ((findings: readonly Finding[]) => void) | undefined;
}

export interface MboxImportOutcome {
  readonly counts: Counts;
  readonly bytes: number;
  readonly added: number;
  readonly known: number;
  readonly resumedAt: number | undefined;
}

type Store = Pick<
  ArchiveReader & ArchiveWriter,
  | 'dictionary'
  | 'add'
  | 'flush'
  | 'setOldPaths'
  | 'openRun'
  | 'saveRun'
  | 'deleteMessages'
  | 'messagesByHash'
  | 'content'
>;

/**
 * Messages in one transaction, and bytes after which it is closed earlier. PostgreSQL takes twice as many in a second
 * as with a quarter of that.
 */
const BATCH = 1000;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Puts the messages of an mbox into the archive. What an earlier run has put there is left alone: a run that was
 * killed is taken up where it stood, and of an mbox that has grown only the new messages are read.
 * @param archive undefined for a dry run
 * @throws ArchiveImportError where the file is no mbox
 */
export async function importMbox(
  archive: Store | undefined,
  options: MboxImportOptions,
): Promise<MboxImportOutcome> {
  const { source } = options;
  const work = new MboxImport(archive, options);
  try {
    return await work.run();
  } catch (error) {
    if (!(error instanceof MboxError)) throw error;
    throw new ArchiveImportError(`${options.list.listId}: ${source.name}, ${error.message}`);
  } finally {
    await work.settled();
  }
}

/** Under which name a file is read anew that is another one than it was in a run. */
export function editionAfter(base: string, run: Pick<ImportRun, 'id'> | undefined): string {
  return `${base} after ${run?.id}`;
}

class MboxImport {
  readonly #archive: Store | undefined;
  readonly #options: MboxImportOptions;
  #run: ImportRun | undefined;
  #state: ImportState;
  #places: EntryPlaces;
  #batch: BatchEntry[] = [];
  #batchBytes = 0;
  /** Bytes before the first message, which are kept with it. */
  #preamble: MboxEntry | undefined;
  #writing: Promise<void> = Promise.resolve();
  #added = 0;
  #known = 0;
  #end = 0;

  constructor(archive: Store | undefined, options: MboxImportOptions) {
    this.#archive = archive;
    this.#options = options;
    this.#state = this.#initial();
    this.#places = this.#placesAfter(this.#state.numbering, 0);
  }

  async run(): Promise<MboxImportOutcome> {
    const resumedAt = await this.#resume();
    if (resumedAt === undefined) for await (const entry of this.#entries(0)) await this.#take(entry);
    await this.#store();
    await this.#writing;
    await this.#finish();
    return {
      counts: this.#state.counts,
      bytes: this.#end,
      added: this.#added,
      known: this.#known,
      resumedAt,
    };
  }

  /** Resolves when nothing is being written any more, however it ended. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  #initial(): ImportState {
    return { ...INITIAL, numbering: { ...INITIAL.numbering, next: this.#options.firstNumber } };
  }

  #placesAfter(numbering: NumberingState, shift: number): EntryPlaces {
    return new EntryPlaces(this.#options.pipermail, numbering, shift);
  }

  /**
   * Goes on behind what was read before. Undefined where the file has to be read from its beginning: under a run of
   * its own, so that messages which stand elsewhere in it now are known by what they are.
   */
  async #resume(): Promise<number | undefined> {
    const { source, list, variant } = this.#options;
    if (!this.#archive || source.identity === undefined) return undefined;
    const base = `${source.identity}${variant}`;
    let identity = source.isSeekable ? base : `${base} at ${Date.now()}`;
    for (; ; identity = editionAfter(base, this.#run)) {
      this.#run = await this.#archive.openRun(list.id, identity);
      const noted = readState(this.#run.state);
      if (!noted.last) return undefined;
      if (await this.#goOn(this.#archive, noted, noted.last)) return noted.last.offset;
    }
  }

  /** @returns false where the file is another one than it was */
  async #goOn(archive: Store, noted: ImportState, last: LastEntry): Promise<boolean> {
    const entries = this.#entries(last.offset, last.before.surroundings);
    const first = await entries.next();
    const entry = first.done || !first.value.isMessage ? undefined : first.value;
    if (entry && isSame(last, entry)) {
      this.#state = noted;
      this.#places = this.#placesAfter(noted.numbering, noted.shift);
      this.#end = entry.offset + entry.bytes.length;
    } else if (entry && (await this.#dropIfCut(archive, last, entry))) {
      const { numbering, neighbour, counts } = last.before;
      this.#state = { ...noted, numbering, neighbour, counts, last: undefined };
      this.#places = this.#placesAfter(numbering, noted.shift);
      await this.#take(entry);
    } else {
      await entries.return(undefined);
      return false;
    }
    for await (const following of entries) await this.#take(following);
    return true;
  }

  /**
   * Takes back the last message if the file ended within it, right behind it, or within the separator after it when it
   * was read.
   */
  async #dropIfCut(archive: Store, last: LastEntry, entry: MboxEntry): Promise<boolean> {
    if (!last.isAtEnd) return false;
    if (last.hash === undefined) return isBeginning(last, entry.bytes);
    for (const { id } of await archive.messagesByHash(this.#options.list.id, last.hash)) {
      const stored = (await archive.content(id))?.source;
      if (stored?.length !== last.length || !isBeginning(last, stored)) continue;
      if (!isBeginning(last, entry.bytes) && !startsWith(stored, trimmed(entry.bytes))) continue;
      await archive.deleteMessages([id]);
      return true;
    }
    return false;
  }

  #entries(start: number, surroundings?: Surroundings): AsyncGenerator<MboxEntry, void> {
    return readMbox(this.#options.source.read(start), { start, ...(surroundings ? { surroundings } : {}) });
  }

  async #take(entry: MboxEntry): Promise<void> {
    if (!entry.isMessage) {
      this.#preamble = entry;
      this.#end = entry.offset + entry.bytes.length;
      return;
    }
    const isFull = this.#batch.length >= BATCH || this.#batchBytes + entry.bytes.length > BATCH_BYTES;
    if (isFull && this.#batch.length > 0) await this.#store();
    const numbering = this.#places.numbering;
    const place = this.#places.place(entry);
    const { numbering: after, shift } = this.#places;
    this.#batch.push({
      entry,
      preamble: this.#preamble,
      place,
      numbering: { before: numbering, after },
      shift,
    });
    this.#batchBytes += entry.bytes.length;
    this.#preamble = undefined;
    // A large message is not to be there together with the one after it.
    if (this.#batchBytes <= BATCH_BYTES) return;
    await this.#store();
    tidyUp();
  }

  async #store(): Promise<void> {
    const batch = this.#batch;
    if (batch.length === 0) return;
    const { since, traits, list } = this.#options;
    const preparing: Preparing = { traits, since, run: this.#run?.id };
    const dictionary = await this.#archive?.dictionary(list.id);
    const prepared = prepareBatch(batch, preparing, dictionary, this.#state);
    const lastEntry = batch.at(-1)?.entry;
    this.#end = lastEntry ? lastEntry.offset + lastEntry.bytes.length : this.#end;
    this.#state = stateAfter(batch, prepared);
    const isLarge = this.#batchBytes > BATCH_BYTES;
    if (isLarge) for (const { entry } of batch) entry.release();
    // The batch before is being written while this one was prepared.
    await this.#writing;
    this.#writing = this.#write(prepared, this.#state, this.#end);
    this.#writing.catch(() => undefined);
    // Of large messages, one at a time is in memory.
    if (isLarge) await this.#writing;
    this.#batch = [];
    this.#batchBytes = 0;
  }

  async #write(prepared: BatchOutcome, state: ImportState, offset: number): Promise<void> {
    const { list, onProgress, onFindings } = this.#options;
    const { messages, findings } = prepared;
    if (this.#archive && this.#run) {
      const run = { id: this.#run.id, offset, state: JSON.stringify(state) };
      const outcome = await storeBatch(this.#archive, list.id, messages, run, list.messages > 0);
      this.#added += outcome.added;
      this.#known += outcome.known;
    } else {
      this.#added += messages.filter((message) => message.isWanted).length;
    }
    onFindings?.(findings);
    onProgress(offset, state.counts.messages);
  }

  async #finish(): Promise<void> {
    if (this.#preamble && !/^\s*$/.test(this.#preamble.bytes.toString('latin1'))) {
      const { offset, bytes } = this.#preamble;
      const what = `${bytes.length} bytes that are no message`;
      const finding: Finding = { kind: 'set_aside', offset, what };
      this.#options.onFindings?.([finding]);
      this.#state = { ...this.#state, counts: withFinding(this.#state.counts, finding) };
    }
    if (!this.#archive || !this.#run) return;
    await this.#archive.flush();
    const state = JSON.stringify(this.#state);
    await this.#archive.saveRun({ id: this.#run.id, offset: this.#end, state, finished: true });
  }
}

function isSame(last: LastEntry, { bytes }: MboxEntry): boolean {
  return bytes.length === last.length && isBeginning(last, bytes);
}

/** Whether bytes begin with what the last entry was. */
function isBeginning(last: LastEntry, bytes: Buffer): boolean {
  return bytes.length >= last.trimmed && sha256(bytes.subarray(0, last.trimmed)) === last.sha256;
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

function stateAfter(batch: readonly BatchEntry[], prepared: BatchOutcome): ImportState {
  const end = batch.at(-1);
  const { counts, neighbour } = prepared.after;
  if (!end) return { ...INITIAL, counts, neighbour };
  const kept = trimmed(end.entry.bytes);
  return {
    version: 1,
    numbering: end.numbering.after,
    shift: end.shift,
    neighbour,
    counts,
    last: {
      offset: end.entry.offset,
      length: end.entry.bytes.length,
      trimmed: kept.length,
      sha256: sha256(kept),
      hash: prepared.messages.at(-1)?.isWanted ? prepared.messages.at(-1)?.prepared.hash : undefined,
      isAtEnd: end.entry.isAtEnd,
      before: {
        surroundings: end.entry.surroundings,
        numbering: end.numbering.before,
        ...prepared.beforeLast,
      },
    },
  };
}

/** Without line ends at the end. */
function trimmed(bytes: Buffer): Buffer {
  let length = bytes.length;
  while (length > 0 && (bytes[length - 1] === 0x0a || bytes[length - 1] === 0x0d)) length -= 1;
  return bytes.subarray(0, length);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
