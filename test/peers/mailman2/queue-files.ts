import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPickles } from '../../../migrate/pickle/reader.ts';
import { numberOf, type PickleValue, PyBytes, PyDict, PyFloat } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { write } from './list-file.ts';

/** A message in one of the queues. */
export interface QueueFile {
  readonly path: string;
  readonly message: string;
  readonly metadata: PyDict;
}

/** Puts a message into a queue: two pickles, in a file that is named by time and digest. */
export function enqueue(
  varDir: string,
  queue: string,
  message: string,
  metadata: Readonly<Record<string, PickleValue>>,
): void {
  const entries = Object.entries({ version: 3, _parsemsg: true, ...metadata });
  const data = new PyDict(entries.map(([key, value]) => [PyBytes.utf8(key), value] as const));
  const bytes = Buffer.concat([writePickle(new PyBytes(message), 0), writePickle(data, 0)]);
  const digest = createHash('sha1').update(bytes).update(randomBytes(8)).digest('hex');
  const path = join(varDir, 'qfiles', queue, `${(Date.now() / 1000).toFixed(6)}+${digest}.pck`);
  write(`${path}.tmp`, bytes);
  renameSync(`${path}.tmp`, path);
}

/** What waits in a queue, oldest first. */
export function queued(varDir: string, queue: string): QueueFile[] {
  const folder = join(varDir, 'qfiles', queue);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pck'))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const [message, metadata] = readPickles(readFileSync(path));
      if (!(message instanceof PyBytes) || !(metadata instanceof PyDict))
        throw new Error(`${path} is no entry`);
      return { path, message: message.latin1, metadata };
    });
}

/** Takes an entry in hand: it stands under another name until it is done, and is there once more after a crash. */
export function begin(file: QueueFile): QueueFile {
  return renamed(file, file.path.replace(/\.pck$/, '.bak'));
}

/** Lets an entry wait that could not be sent. @param wait seconds */
export function putAside(varDir: string, file: QueueFile, wait: number): void {
  const later = [PyBytes.utf8('deliver_after'), new PyFloat(Date.now() / 1000 + wait)] as const;
  refile(varDir, file, 'retry', new PyDict([...file.metadata, later]));
}

/** Puts what has waited long enough back into the queue of what goes out. */
export function takeUpAgain(varDir: string): void {
  for (const file of queued(varDir, 'retry')) {
    const after = numberOf(file.metadata.get('deliver_after')) ?? 0;
    if (Date.now() / 1000 >= after) refile(varDir, begin(file), 'out', file.metadata);
  }
}

function refile(varDir: string, file: QueueFile, queue: string, metadata: PyDict): void {
  const entries = [...metadata].map(([key, value]) => [String((key as PyBytes).latin1), value] as const);
  enqueue(varDir, queue, file.message, Object.fromEntries(entries));
  dequeue(file);
}

/** Puts back what a process had in hand that is no more. */
export function recover(varDir: string, queue: string): void {
  const folder = join(varDir, 'qfiles', queue);
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.bak')))
    renameSync(join(folder, name), join(folder, name.replace(/\.bak$/, '.pck')));
}

export function dequeue({ path }: QueueFile): void {
  rmSync(path);
}

function renamed(file: QueueFile, path: string): QueueFile {
  renameSync(file.path, path);
  return { ...file, path };
}
