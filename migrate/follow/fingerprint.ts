import { join } from 'node:path';
import { listFolder, type Site } from '../site/site.ts';
import { statOf } from '../site/source-file.ts';

/** What Mailman 2.1 changes of a list while it runs. */
const FOLLOWED_FILES = ['config.pck', 'request.pck', 'pending.pck', 'digest.mbox'] as const;

/** What tells a changed list from an unchanged one, without reading it. */
export interface Fingerprint {
  /** Number, size and time of each file, as one text. */
  readonly text: string;
  /** When the last of them changed, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** Looks at the files of a list. Mailman 2.1 replaces whole files, so each change gives a file another number or time. */
export function fingerprintOf(site: Site, name: string): Fingerprint {
  let changedAt = 0;
  const parts = FOLLOWED_FILES.map((file) => {
    const status = statOf(join(listFolder(site, name), file));
    if (!status) return '-';
    changedAt = Math.max(changedAt, status.mtimeMs);
    return `${status.ino}.${status.size}.${status.mtimeMs}`;
  });
  return { text: parts.join(' '), changedAt };
}
