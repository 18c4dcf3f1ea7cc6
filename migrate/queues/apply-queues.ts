import type { Connection } from '../../src/database/handle.ts';
import { FerrymanError } from '../../src/errors.ts';
import { Message } from '../../src/message/message.ts';
import type { SubAddress } from '../../src/model/list-addresses.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { utcFromEpoch } from '../../src/model/time.ts';
import { receivedMessage } from '../../src/mta/reception.ts';
import { route } from '../../src/mta/recipient.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import type { MessageMetadata, QueueName } from '../../src/queue/queues.ts';
import type { Clock } from '../../src/queue/step.ts';
import type { Changes, Notes } from '../import21/report.ts';
import { PyBytes, PyDict } from '../pickle/values.ts';
import { digestOf, reconcile, type Wanted } from '../site/reconcile.ts';
import {
  metadataFlag,
  metadataNumber,
  metadataText,
  metadataTexts,
  type QueueEntry,
  type QueueFile,
  readQueueFile,
} from './queue-files.ts';

/** A file of a queue with what is in it. */
export interface LoadedEntry {
  readonly file: QueueFile;
  readonly entry: QueueEntry;
}

/** Where a message goes here. */
interface Destination {
  readonly queue: QueueName;
  readonly message: Buffer;
  readonly metadata: MessageMetadata;
}

/** Reads the files of the queues; by list name. What cannot be read is noted and left out. */
export function loadQueues(files: readonly QueueFile[], notes: Notes): Map<string, LoadedEntry[]> {
  const loaded: LoadedEntry[] = [];
  for (const file of files) {
    try {
      loaded.push({ file, entry: readQueueFile(file) });
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
      notes.needsPerson('queues', `${error.message}; left out`);
    }
  }
  return Map.groupBy(loaded, ({ entry }) => entry.listName);
}

/**
 * Puts messages that Mailman 2.1 had not finished into the queues here. It must not run meanwhile, or it would finish
 * them as well. An entry comes over once: one that is gone there later does not disturb what happens to it here.
 */
export async function applyQueueEntries(
  connection: Connection,
  list: MailingList,
  entries: readonly LoadedEntry[],
  clock: Clock,
  siteOwner: string,
): Promise<Changes> {
  const wanted = entries.map(
    (item): Wanted<LoadedEntry> => ({
      sourceId: `${item.file.queue}/${item.file.name.replace(/\.bak$/, '.pck')}`,
      digest: digestOf(item.entry.message),
      item,
    }),
  );
  const { changes } = await reconcile(connection, list.listId, 'queue', wanted, {
    add: async ({ file, entry }) => {
      const { queue, message, metadata } = destination(list, file, entry, siteOwner);
      return enqueue(connection, clock, queue, message, metadata);
    },
    remove: async () => undefined,
  });
  return changes;
}

function destination(list: MailingList, file: QueueFile, entry: QueueEntry, siteOwner: string): Destination {
  const source = file.queue;
  switch (source) {
    case 'in':
      return incoming(list, entry, metadataFlag(entry, 'toowner') ? 'owner' : undefined, siteOwner);
    case 'bounces':
      return incoming(list, entry, 'bounces', siteOwner);
    case 'commands':
      return incoming(list, entry, commandAddress(entry), siteOwner);
    case 'virgin':
      return { queue: 'virgin', ...outgoing(list, entry) };
    case 'out':
    case 'retry':
      return leaving(list, entry);
    case 'archive':
      return { queue: 'archive', message: finished(entry), metadata: basics(list, entry) };
    case 'news':
      return { queue: 'nntp', message: finished(entry), metadata: basics(list, entry) };
    case 'shunt': {
      const { queue, message, metadata } = destination(
        list,
        { ...file, queue: brokenIn(entry) },
        entry,
        siteOwner,
      );
      return { queue: 'shunt', message, metadata: { ...metadata, whichq: queue } };
    }
    case 'bad':
      return { queue: 'bad', message: finished(entry), metadata: basics(list, entry) };
  }
}

/** As if it had just arrived for this address. */
function incoming(
  list: MailingList,
  entry: QueueEntry,
  subAddress: SubAddress | undefined,
  siteOwner: string,
): Destination {
  const token = subAddress === 'confirm' ? confirmToken(entry) : undefined;
  const reading = { listName: list.listName, subAddress, extension: token };
  const { queue, metadata } = route(list.listId, reading, siteOwner);
  return {
    queue,
    message: receivedMessage(entry.message, undefined),
    metadata: { ...metadata, ...basics(list, entry), original_size: entry.message.length },
  };
}

function commandAddress(entry: QueueEntry): SubAddress {
  if (metadataFlag(entry, 'toconfirm')) return 'confirm';
  if (metadataFlag(entry, 'tojoin')) return 'join';
  return metadataFlag(entry, 'toleave') ? 'leave' : 'request';
}

/** The token in the address that a confirmation came to. */
function confirmToken(entry: QueueEntry): string | undefined {
  const to = Message.parse(entry.message).headers.get('To') ?? '';
  return /\+([0-9a-f]{40})@/.exec(to)?.[1];
}

/** A post or notice that has its recipients: it needs its footer, unless it has it, and then leaves. */
function leaving(list: MailingList, entry: QueueEntry): Destination {
  const until = metadataNumber(entry, 'deliver_until');
  const { message, metadata } = outgoing(list, entry);
  return {
    queue: 'pipeline',
    message,
    metadata: {
      ...metadata,
      pipeline: 'outgoing',
      ...(until === undefined ? {} : { deliver_until: utcFromEpoch(until) ?? '' }),
    },
  };
}

function outgoing(list: MailingList, entry: QueueEntry): Pick<Destination, 'message' | 'metadata'> {
  const metadata: MessageMetadata = { ...basics(list, entry), recipients: metadataTexts(entry, 'recips') };
  if (metadataFlag(entry, 'nodecorate') || metadataFlag(entry, 'decorated')) metadata.nodecorate = true;
  if (metadataFlag(entry, 'reduced_list_headers')) metadata.reduced_list_headers = true;
  if (metadataFlag(entry, 'isdigest')) metadata.isdigest = true;
  const sender = metadataText(entry, 'envsender');
  if (sender !== undefined) metadata.envsender = sender;
  const original = metadataText(entry, 'original_sender');
  if (original !== undefined) metadata.original_sender = original;
  return { message: finished(entry), metadata };
}

function basics(list: MailingList, entry: QueueEntry): MessageMetadata {
  const received = utcFromEpoch(metadataNumber(entry, 'received_time') ?? Number.NaN);
  const lang = metadataText(entry, 'lang');
  return {
    listid: list.listId,
    ...(received === undefined ? {} : { received_time: received }),
    ...(lang === undefined ? {} : { lang }),
    ...(metadataFlag(entry, 'fromusenet') ? { fromusenet: true } : {}),
  };
}

/** With the headers that Mailman 2.1 adds only when a message leaves. */
function finished(entry: QueueEntry): Buffer {
  const message = Message.parse(receivedMessage(entry.message, undefined));
  const added = entry.metadata.get('add_header');
  for (const [key, value] of added instanceof PyDict ? added : []) {
    const name = entry.texts.read(key, 'add_header') ?? '';
    const text = value instanceof PyBytes ? value.latin1 : typeof value === 'string' ? value : '';
    if (/^[!-9;-~]+$/.test(name)) message.headers.set(name, text.replace(/\r?\n(?=[ \t])/g, ''));
  }
  return message.toBuffer();
}

/** Mailman 2.1 notes the queue by its folder. */
function brokenIn(entry: QueueEntry): QueueFile['queue'] {
  const name = metadataText(entry, 'whichq')?.split('/').at(-1);
  switch (name) {
    case 'bounces':
    case 'commands':
    case 'virgin':
    case 'out':
    case 'retry':
    case 'archive':
    case 'news':
      return name;
    default:
      return 'in';
  }
}
