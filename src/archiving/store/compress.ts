import { constants, zstdCompressSync } from 'node:zlib';
import type { Dictionary } from './incoming.ts';

const LEVEL = { [constants.ZSTD_c_compressionLevel]: 3 };

/** The bytes as they are stored; `zstdDecompressSync` with the same dictionary gives them back. */
export function compress(bytes: Buffer, dictionary: Dictionary | undefined): Buffer {
  return zstdCompressSync(bytes, { params: LEVEL, ...(dictionary ? { dictionary: dictionary.bytes } : {}) });
}
