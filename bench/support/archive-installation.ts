import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, type Usage } from './child.ts';

const FERRYMAN = fileURLToPath(new URL('../../bin/mailman', import.meta.url));

/** Ferryman with an archive of its own. */
export interface ArchiveInstallation {
  /** Makes the list, and measures the import of the mbox into its archive. */
  importMbox(list: string, mbox: string): Usage;
  /** Bytes of the embedded archive, index and all. */
  size(): number;
}

/** @param url of an empty database, instead of the embedded one */
export function installArchive(folder: string, url?: string): ArchiveInstallation {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'mailman.cfg');
  const lines = ['[mailman]', 'layout: bench', '[paths.bench]', `var_dir: ${join(folder, 'var')}`];
  if (url !== undefined) lines.push('[archive]', `url: ${url}`);
  writeFileSync(config, `${lines.join('\n')}\n`);
  const run = (...args: readonly string[]): Usage => measure(folder, [FERRYMAN, '-C', config, ...args]);
  return {
    importMbox: (list, mbox) => {
      run('create', '-q', list);
      return run('archive', 'import', list, mbox, '--json');
    },
    size: () => {
      const file = join(folder, 'var/data/archive.db');
      const parts = [file, `${file}-wal`].filter((path) => existsSync(path));
      return parts.reduce((total, path) => total + statSync(path).size, 0);
    },
  };
}
