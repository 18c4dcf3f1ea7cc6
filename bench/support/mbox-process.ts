import { createReadStream } from 'node:fs';
import { readMbox } from '../../migrate/mbox/reader.ts';

/** Reads the mbox that the command line names, message by message, and says how many there are. */
let messages = 0;
const source = createReadStream(process.argv[2] ?? '', { highWaterMark: 1024 * 1024 });
for await (const entry of readMbox(source)) if (entry.isMessage) messages += 1;
process.stdout.write(`${messages}\n`);
