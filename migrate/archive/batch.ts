import type { ArchiveWriter } from '../../src/archiving/store/archive.ts';
import type {
  Dictionary,
  ListTraits,
  PreparedMessage,
  SourceMessage,
} from '../../src/archiving/store/incoming.ts';
import { prepareMessage } from '../../src/archiving/store/prepare.ts';
import type { ImportRun } from '../../src/archiving/store/types.ts';
import { messageIdHash } from '../../src/message/message-id-hash.ts';
import type { MboxEntry } from '../mbox/reader.ts';
import type { NumberingState } from '../pipermail/numbering.ts';
import type { EntryPlace } from './entry-places.ts';
import { type Counts, type Finding, withFinding } from './report.ts';

/** A message on its way from the mbox into the archive. */
export interface BatchEntry {
  readonly entry: MboxEntry;
  /** Bytes before the first message of the file, which are kept with it. */
  readonly preamble: MboxEntry | undefined;
  readonly place: EntryPlace;
  readonly numbering: { readonly before: NumberingState; readonly after: NumberingState };
  readonly shift: number;
}

export interface Preparing {
  readonly traits: ListTraits;
  readonly since: number | undefined;
  /** Undefined where nothing is written. */
  readonly run: number | undefined;
}

/** A message that is ready to be stored, or to be left out. */
export interface BatchMessage {
  readonly prepared: PreparedMessage;
  readonly isWanted: boolean;
  readonly paths: readonly string[];
}

/** Counts and dates run along with the messages. */
interface Running {
  readonly counts: Counts;
  readonly neighbour: number | undefined;
}

export interface BatchOutcome {
  readonly messages: readonly BatchMessage[];
  readonly beforeLast: Running;
  readonly after: Running;
  /** What was found in them, in the order of the file. */
  readonly findings: readonly Finding[];
}

/** Takes the messages of a batch apart. */
export function prepareBatch(
  batch: readonly BatchEntry[],
  preparing: Preparing,
  dictionary: Dictionary | undefined,
  before: Running,
): BatchOutcome {
  const messages: BatchMessage[] = [];
  const findings: Finding[] = [];
  let running: Running = before;
  let beforeLast = running;
  const all = batch.map((item) => prepareOne(item, preparing, dictionary));
  for (const [at, item] of batch.entries()) {
    beforeLast = running;
    const own = all[at];
    if (!own) continue;
    const following = all.slice(at).find(({ date }) => date !== undefined)?.date;
    const prepared = own.date === undefined ? dated(own, running.neighbour ?? following) : own;
    const isWanted = preparing.since === undefined || (prepared.date ?? preparing.since) >= preparing.since;
    messages.push({ prepared, isWanted, paths: item.place.paths });
    const found = findingsOf(item, prepared);
    findings.push(...found);
    running = {
      counts: count(running.counts, prepared, isWanted, found),
      neighbour: prepared.date ?? running.neighbour,
    };
  }
  return { messages, beforeLast, after: running, findings };
}

function prepareOne(
  { entry, preamble, place }: BatchEntry,
  { traits, run }: Preparing,
  dictionary: Dictionary | undefined,
): PreparedMessage {
  const before = preamble?.bytes.length ?? 0;
  const [oldPath] = place.paths;
  const source: SourceMessage = {
    bytes: preamble ? Buffer.concat([preamble.bytes, entry.bytes]) : entry.bytes,
    separator: before + entry.separator.length,
    tail: entry.tail.length,
    ...(run === undefined ? {} : { source: { run, offset: entry.offset - before } }),
    ...(place.number === undefined ? {} : { number: place.number }),
    ...(oldPath === undefined ? {} : { oldPath }),
    ...(place.madeUpId === undefined ? {} : { alias: messageIdHash(place.madeUpId) }),
  };
  return prepareMessage(source, traits, dictionary);
}

function dated(message: PreparedMessage, date: number | undefined): PreparedMessage {
  return date === undefined ? message : { ...message, date, dateSource: 'neighbour' };
}

function count(
  counts: Counts,
  message: PreparedMessage,
  isWanted: boolean,
  findings: readonly Finding[],
): Counts {
  const counted: Counts = {
    ...counts,
    messages: counts.messages + 1,
    left_out: counts.left_out + (isWanted ? 0 : 1),
    attachments: counts.attachments + (isWanted ? message.attachments.length : 0),
  };
  return findings.reduce(withFinding, counted);
}

function findingsOf({ entry, preamble, place }: BatchEntry, message: PreparedMessage): Finding[] {
  const { offset } = entry;
  const findings: Finding[] = [];
  if (preamble && !isBlank(preamble.bytes)) {
    const what = `${preamble.bytes.length} bytes before the first message, kept with it`;
    findings.push({ kind: 'set_aside', offset: preamble.offset, what });
  }
  for (const at of entry.unquoted) {
    const what = 'a line "From ..." that begins no message, left in the text';
    findings.push({ kind: 'repaired', offset: at, what });
  }
  if (place.headers.messageId === undefined || place.headers.messageId.trim() === '')
    findings.push({ kind: 'repaired', offset, what: `no Message-ID; made <${message.messageId}>` });
  if (message.dateSource !== 'date') {
    const what = `no usable Date; taken from ${DATE_SOURCES[message.dateSource]}`;
    findings.push({ kind: 'repaired', offset, what });
  }
  return findings;
}

const DATE_SOURCES = {
  separator: 'the separator',
  neighbour: 'the message beside it',
  received: 'its arrival',
};

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09);
}

type Store = Pick<ArchiveWriter, 'add' | 'setOldPaths' | 'saveRun'>;

/**
 * Stores a batch, and how far the run has come with it. Where messages have more than one old page, the run moves on
 * only when those are noted as well: a process that is killed in between does the batch once more, and finds its
 * messages there already.
 * @param mayBeKnown whether the archive may have some of the messages
 */
export async function storeBatch(
  archive: Store,
  list: number,
  messages: readonly BatchMessage[],
  run: Pick<ImportRun, 'id' | 'offset' | 'state'>,
  mayBeKnown: boolean,
): Promise<{ readonly added: number; readonly known: number }> {
  const wanted = messages.filter(({ isWanted }) => isWanted);
  const all = wanted.map(({ prepared }) => prepared);
  const isAtOnce = !mayBeKnown && wanted.every(({ paths }) => paths.length < 2);
  const results = isAtOnce ? await archive.add(list, all, run) : await archive.add(list, all);
  if (!isAtOnce) {
    const paths = wanted.flatMap((message, at) => {
      const result = results[at];
      if (!result) return [];
      const missing = result.known ? message.paths : message.paths.slice(1);
      return missing.map((path) => ({ path, message: result.id }));
    });
    if (paths.length > 0) await archive.setOldPaths(list, paths);
    await archive.saveRun({ ...run, finished: false });
  }
  const known = results.filter((result) => result.known).length;
  return { added: results.length - known, known };
}
