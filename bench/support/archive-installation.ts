import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/peers/throwaway.ts';
import { measure, type Usage } from './child.ts';
import { untilGreetingOf, type WebServer } from './web-server.ts';

const FERRYMAN = fileURLToPath(new URL('../../bin/mailman', import.meta.url));
const MASTER = fileURLToPath(new URL('../../bin/master', import.meta.url));

/** Ferryman with an archive of its own. */
export interface ArchiveInstallation {
  /**
   * Makes the list where it is new, and measures the import of the mbox into its archive.
   * @param killAfter seconds after which it is killed
   */
  importMbox(list: string, mbox: string, killAfter?: number): Usage;
  /** Measures the export of an archive, whose SHA-256 is on standard output. */
  exportDigest(list: string): Usage;
  /** @param member who may post */
  create(list: string, member: string): void;
  /** The command that imports, for running it beside other things. */
  importCommand(list: string, mbox: string): readonly string[];
  /** The whole server: pages, and mail by LMTP. */
  serve(): Promise<WebServer & { readonly lmtpPort: number }>;
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
  const command = (...args: readonly string[]) => [FERRYMAN, '-C', config, ...args];
  const run = (...args: readonly string[]): Usage => measure(folder, command(...args));
  const lists = new Set<string>();
  return {
    importMbox: (list, mbox, killAfter) => {
      if (!lists.has(list)) run('create', '-q', list);
      lists.add(list);
      return measure(folder, command('archive', 'import', list, mbox, '--json'), {}, killAfter);
    },
    exportDigest: (list) =>
      measure(folder, ['/bin/sh', '-c', '"$@" | sha256sum', 'sh', ...command('archive', 'export', list)]),
    create: (list, member) => {
      run('create', '-q', list);
      const members = join(folder, 'members.txt');
      writeFileSync(members, `${member}\n`);
      run('addmembers', '-W', members, list);
    },
    importCommand: (list, mbox) => command('archive', 'import', list, mbox),
    serve: async () => {
      const [web, lmtpPort, smtp] = [await freePort(), await freePort(), await freePort()];
      const origin = `http://127.0.0.1:${web}`;
      const more = [`[web]`, `port: ${web}`, `base_url: ${origin}/`, '[webservice]', 'port: 0'];
      more.push('[mta]', 'incoming: null', `lmtp_port: ${lmtpPort}`, `smtp_port: ${smtp}`);
      writeFileSync(config, `${[...lines, ...more].join('\n')}\n`);
      const child = spawn(MASTER, ['-C', config], { stdio: ['ignore', 'ignore', 'inherit'] });
      return { ...(await untilGreetingOf(child, origin, '/archives/')), lmtpPort };
    },
    size: () => {
      const file = join(folder, 'var/data/archive.db');
      const parts = [file, `${file}-wal`].filter((path) => existsSync(path));
      return parts.reduce((total, path) => total + statSync(path).size, 0);
    },
  };
}
