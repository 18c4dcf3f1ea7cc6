import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatEntry } from '../mbox/writer.ts';
import { messagesOf } from '../site/mbox-messages.ts';
import { digestOf } from '../site/reconcile.ts';
import { readIfThere } from '../site/source-file.ts';
import { replaceFile } from './write-list.ts';

/** What the posts of the next digest are called while this server sends it. */
const ASIDE = 'digest.mbox.ferryman';

/** Takes the half-full digest away from Mailman 2.1, so that it is not sent twice. Its list must be locked. */
export function putDigestAside(varDir: string, name: string): void {
  const folder = join(varDir, 'lists', name);
  if (existsSync(join(folder, 'digest.mbox'))) renameSync(join(folder, 'digest.mbox'), join(folder, ASIDE));
}

/**
 * Puts posts into the digest that Mailman 2.1 collects; those that are in it already are not put there again. Its list must
 * be locked.
 */
export function addToDigest(varDir: string, name: string, posts: readonly Buffer[]): void {
  const folder = join(varDir, 'lists', name);
  const path = join(folder, 'digest.mbox');
  const present = readIfThere(path) ?? Buffer.alloc(0);
  const known = new Set(messagesOf(present).map(digestOf));
  const entries = posts
    .map((post) =>
      formatEntry('', Date.now(), Buffer.from(post.toString('latin1').replace(/\r\n/g, '\n'), 'latin1')),
    )
    .filter((entry) => messagesOf(entry).some((message) => !known.has(digestOf(message))));
  if (entries.length > 0) replaceFile(path, Buffer.concat([present, ...entries]), folder);
  rmSync(join(folder, ASIDE), { force: true });
}
