import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FerrymanError } from '../../src/errors.ts';

/** An mbox that is to be imported cannot be opened or read. The message names it. */
export class MboxSourceError extends FerrymanError {
  override name = 'MboxSourceError';
}

/** Where the bytes of an mbox come from. */
export interface MboxSource {
  /** As messages name it. */
  readonly name: string;
  /** Tells the file from others, whatever its path, and stays when it grows: undefined for an empty one. */
  readonly identity: string | undefined;
  /** Bytes; undefined where nobody knows. */
  readonly size: number | undefined;
  /** Whether `read` can begin anywhere. */
  readonly isSeekable: boolean;
  readonly read: (start: number) => AsyncIterable<Uint8Array>;
  readonly close: () => Promise<void>;
}

/** How much of the beginning may tell one mbox from another. */
const HEAD = 512;
const CHUNK = 1024 * 1024;

/** @throws MboxSourceError */
export async function openMboxFile(path: string): Promise<MboxSource> {
  const file = await open(path).catch((error: unknown) => {
    throw new MboxSourceError(`${path}: ${reason(error)}`);
  });
  try {
    const found = await file.stat();
    if (found.isDirectory())
      throw new MboxSourceError(`${path}: this is a folder (expected an mbox, such as LIST.mbox)`);
    if (!found.isFile()) return await openStream(path, chunksOf(file), () => file.close());
    const head = await readAt(file, 0, HEAD);
    if (isGzip(head)) return await openStream(path, unpacked(path, file), () => file.close());
    return {
      name: path,
      identity: identityOf(head),
      size: found.size,
      isSeekable: true,
      read: (start) => chunksFrom(file, start),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** An mbox that can be read once, from its beginning: standard input. */
export async function openMboxStream(name: string, stream: AsyncIterable<Uint8Array>): Promise<MboxSource> {
  return openStream(name, stream, async () => undefined);
}

async function openStream(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): Promise<MboxSource> {
  const chunks = stream[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(next.value);
    length += next.value.length;
  }
  return {
    name,
    identity: identityOf(Buffer.concat(first).subarray(0, HEAD)),
    size: undefined,
    isSeekable: false,
    read: async function* () {
      yield* first;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    },
    close,
  };
}

/** By the first separator, which stays when a file of one short message grows. Others that begin so are told by their end. */
function identityOf(head: Buffer): string | undefined {
  if (head.length === 0) return undefined;
  const line = head.subarray(0, head.indexOf(0x0a) + 1 || head.length);
  return createHash('sha256').update(line).digest('hex').slice(0, 32);
}

/** From this byte on; each chunk is written over by the next. */
async function* chunksFrom(file: FileHandle, start: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  for (let position = start; ; ) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

/** In a row, each chunk for whoever takes it to keep. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(CHUNK);
    const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

async function* unpacked(path: string, file: FileHandle): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const packed = Readable.from(chunksOf(file));
  packed.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of packed.pipe(gunzip)) yield chunk as Uint8Array;
  } catch (error) {
    throw new MboxSourceError(`${path}: cannot be unpacked: ${reason(error)}`);
  }
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\n.*/s, '') : String(error);
}
