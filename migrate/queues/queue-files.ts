import { join } from 'node:path';
import { FerrymanError } from '../../src/errors.ts';
import { flattenMessage } from '../held/flatten.ts';
import { TextDecoding } from '../import21/charset.ts';
import { PickleError } from '../pickle/errors.ts';
import { readPickles } from '../pickle/reader.ts';
import { numberOf, type PickleValue, PyDict } from '../pickle/values.ts';
import type { Site } from '../site/site.ts';
import { namesIn, readSourceFile, statOf } from '../site/source-file.ts';

/** An entry of a queue cannot be read; the message names the file. */
export class QueueFileError extends FerrymanError {
  override name = 'QueueFileError';
}

/** The queues of Mailman 2.1 that hold messages. */
const SOURCE_QUEUES = [
  'archive',
  'bad',
  'bounces',
  'commands',
  'in',
  'news',
  'out',
  'retry',
  'shunt',
  'virgin',
] as const;
export type SourceQueue = (typeof SOURCE_QUEUES)[number];

/** An entry of a queue: where it lies. */
export interface QueueFile {
  readonly queue: SourceQueue;
  readonly name: string;
  readonly path: string;
}

/** What is in it. */
export interface QueueEntry {
  /** The list's name; '' where it is for none. */
  readonly listName: string;
  /** As Mailman 2.1 would hand it to the mail server; lines end with LF, or as they came. */
  readonly message: Buffer;
  readonly metadata: PyDict;
  readonly texts: TextDecoding;
}

/** An entry in work stands under .bak: it is there once more after a crash. */
const ENTRY = /^\d+(?:\.\d+)?\+[0-9a-f]{40}\.(?:pck|bak)$/;

/** The entries of all queues, in the order of their age. */
export function queueFiles(site: Site): QueueFile[] {
  return SOURCE_QUEUES.flatMap((queue) => {
    const folder = join(site.path, 'qfiles', queue);
    return namesIn(folder)
      .filter((name) => ENTRY.test(name) && statOf(join(folder, name))?.isFile())
      .map((name) => ({ queue, name, path: join(folder, name) }));
  });
}

/** Two pickles in sequence: the message, and what travels with it. @throws QueueFileError */
export function readQueueFile({ path }: QueueFile): QueueEntry {
  const texts = new TextDecoding('utf-8');
  try {
    const [message, metadata] = readPickles(readSourceFile(path));
    if (!(metadata instanceof PyDict)) throw new QueueFileError('there is nothing behind the message');
    return {
      listName: texts.read(metadata.get('listname'), path) ?? '',
      message: flattenMessage(message),
      metadata,
      texts,
    };
  } catch (error) {
    if (!(error instanceof FerrymanError) && !(error instanceof PickleError)) throw error;
    throw new QueueFileError(`${path} cannot be read: ${error.message}`);
  }
}

/** A number of the metadata. */
export function metadataNumber({ metadata }: Pick<QueueEntry, 'metadata'>, key: string): number | undefined {
  return numberOf(metadata.get(key));
}

/** Whether something in the metadata counts as true. */
export function metadataFlag({ metadata }: Pick<QueueEntry, 'metadata'>, key: string): boolean {
  return (numberOf(metadata.get(key)) ?? 0) !== 0;
}

/** A text of the metadata. */
export function metadataText({ metadata, texts }: QueueEntry, key: string): string | undefined {
  return texts.read(metadata.get(key), key);
}

/** A list of texts in the metadata. */
export function metadataTexts({ metadata, texts }: QueueEntry, key: string): string[] {
  const value: PickleValue | undefined = metadata.get(key);
  const items = value instanceof PyDict ? value.keys : Array.isArray(value) ? value : [];
  return items.map((item) => texts.read(item, key)).filter((item) => item !== undefined);
}
