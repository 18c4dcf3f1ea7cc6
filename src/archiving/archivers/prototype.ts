import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { postingAddress } from '../../model/mailing-list.ts';
import { epochFromUtc } from '../../model/time.ts';
import type { Archiver } from './archiver.ts';

/** Keeps each list's posts in a maildir, `archive_dir/prototype/ant@example.com`. */
export const prototype: Archiver = {
  wants: ({ settings }) => settings.archive_policy !== 'never',
  archive: async ({ list, message, receivedAt }, { config }) => {
    const folder = join(config.paths.archive_dir, 'prototype', postingAddress(list));
    for (const name of ['cur', 'new', 'tmp'])
      await mkdir(join(folder, name), { recursive: true, mode: 0o770 });
    // Files of a maildir have the line ends of the system.
    const bytes = Buffer.from(message.toBuffer().toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    // The same post has the same name: whoever reads a maildir sees it once.
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    const name = `${epochFromUtc(receivedAt)}.${hash}.${hostname().replace(/[^\w.-]/g, '')}`;
    const written = join(folder, 'tmp', name);
    await withFile(written, 'w', async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await rename(written, join(folder, 'new', name));
    await withFile(join(folder, 'new'), 'r', (directory) => directory.sync());
  },
};

async function withFile(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o660);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
