import { join } from 'node:path';
import { listFolder, type Site } from '../site/site.ts';
import { statOf } from '../site/source-file.ts';

/** How often a list is looked at more closely, in milliseconds, whatever its folder says. */
const CLOSER_LOOK_MS = 10_000;

/** A change may follow another so soon that the folder's time stays the same, in milliseconds. */
const COARSE_MS = 1000;

interface Look {
  readonly text: string;
  readonly isFresh: boolean;
  /** In milliseconds of the process: the clock may be set back. */
  readonly closerAt: number;
}

/**
 * Tells cheaply which of thousands of lists may have changed: Mailman 2.1 replaces files, so the time of the folder changes
 * with them. What was written into a file in place is seen at the next closer look.
 */
export class ChangedLists {
  readonly #site: Site;
  readonly #looks = new Map<string, Look>();

  constructor(site: Site) {
    this.#site = site;
  }

  /** Whether a list may have changed since `seen` was called for it. */
  mayHaveChanged(name: string): boolean {
    const look = this.#looks.get(name);
    return (
      !look || look.isFresh || performance.now() >= look.closerAt || this.#textOf(name).text !== look.text
    );
  }

  /** To be called before a list is read. */
  seen(name: string): void {
    const { text, changedAt } = this.#textOf(name);
    // Not all in the same second.
    const closerAt = performance.now() + CLOSER_LOOK_MS * (0.5 + Math.random());
    this.#looks.set(name, { text, isFresh: Date.now() - changedAt < COARSE_MS, closerAt });
  }

  #textOf(name: string): { readonly text: string; readonly changedAt: number } {
    const folder = listFolder(this.#site, name);
    const [folderMs, configMs] = [folder, join(folder, 'config.pck')].map(
      (path) => statOf(path)?.mtimeMs ?? 0,
    );
    return { text: `${folderMs} ${configMs}`, changedAt: Math.max(folderMs ?? 0, configMs ?? 0) };
  }
}
