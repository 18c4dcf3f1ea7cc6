import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Dictionary } from './incoming.ts';
import { uninterrupted } from './thread.ts';

const LEVEL = { [constants.ZSTD_c_compressionLevel]: 3 };

/** From this size on, the result is made in one piece: to put pieces together, zlib would hold it twice. */
const LARGE = 1024 * 1024;

/** The bytes as they are stored. */
export function compress(bytes: Buffer, dictionary: Dictionary | undefined): Buffer {
  return uninterrupted(() =>
    zstdCompressSync(bytes, {
      params: LEVEL,
      ...(bytes.length < LARGE ? {} : { chunkSize: longest(bytes.length) }),
      ...(dictionary ? { dictionary: dictionary.bytes } : {}),
    }),
  );
}

/**
 * The bytes as they were.
 * @param length of what comes out
 */
export function decompress(bytes: Buffer, length: number, dictionary: Buffer | undefined): Buffer {
  return uninterrupted(() =>
    zstdDecompressSync(bytes, {
      ...(length < LARGE ? {} : { chunkSize: length + 1024 }),
      ...(dictionary ? { dictionary } : {}),
    }),
  );
}

/** What zstd makes of so many octets at most (ZSTD_COMPRESSBOUND), and one more by which it knows that it is done. */
function longest(octets: number): number {
  return octets + (octets >> 8) + 1024;
}
