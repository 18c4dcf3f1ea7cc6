import { join } from 'node:path';
import type { Site } from './site.ts';
import { namesIn, statOf, weigh } from './source-file.ts';

/** What there is of the archive of a list. */
export interface ArchiveSize {
  readonly mbox: string | null;
  /** Octets. */
  readonly mbox_bytes: number;
  /** Pages and attachments of pipermail. */
  readonly pages_bytes: number;
  readonly files: number;
  /** Whether pipermail's pages are there, whose links are to be kept. */
  readonly pipermail: boolean;
}

/** Sizes of `archives/private/LIST.mbox/LIST.mbox` and `archives/private/LIST`. */
export function archiveSize(site: Pick<Site, 'path'>, name: string): ArchiveSize {
  const folder = join(site.path, 'archives', 'private');
  const mbox = join(folder, `${name}.mbox`, `${name}.mbox`);
  const status = statOf(mbox);
  const pages = weigh(join(folder, name));
  return {
    mbox: status?.isFile() ? mbox : null,
    mbox_bytes: status?.isFile() ? status.size : 0,
    pages_bytes: pages.bytes,
    files: pages.files,
    pipermail: namesIn(join(folder, name)).includes('database'),
  };
}
