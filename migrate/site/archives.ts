import { join } from 'node:path';
import type { Site } from './site.ts';
import { namesIn, SourceFileError, statOf, weigh } from './source-file.ts';

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
  /** Why not all of it can be seen. */
  readonly problem: string | null;
}

/** Sizes of `archives/private/LIST.mbox/LIST.mbox` and `archives/private/LIST`. Never fails. */
export function archiveSize(site: Pick<Site, 'path'>, name: string): ArchiveSize {
  const folder = join(site.path, 'archives', 'private');
  const mbox = join(folder, `${name}.mbox`, `${name}.mbox`);
  let size: ArchiveSize = {
    mbox: null,
    mbox_bytes: 0,
    pages_bytes: 0,
    files: 0,
    pipermail: false,
    problem: null,
  };
  try {
    const status = statOf(mbox);
    if (status?.isFile()) size = { ...size, mbox, mbox_bytes: status.size };
    size = { ...size, pipermail: namesIn(join(folder, name)).includes('database') };
    const pages = weigh(join(folder, name));
    return { ...size, pages_bytes: pages.bytes, files: pages.files };
  } catch (error) {
    if (!(error instanceof SourceFileError)) throw error;
    return { ...size, problem: error.message };
  }
}
