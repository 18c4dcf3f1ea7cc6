import { parentPort } from 'node:worker_threads';
import { compress, decompress } from '../../../src/archiving/store/compress.ts';
import { beginThread } from '../../../src/archiving/store/thread.ts';

beginThread();
const bytes = Buffer.alloc(2000, 'abc');
const compressed = compress(bytes, undefined);
parentPort?.postMessage('begun');
for (;;) decompress(compressed, bytes.length, undefined);
