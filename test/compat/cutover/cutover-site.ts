import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMailman2, type Mailman2 } from '../../peers/mailman2/install.ts';
import { type Installation, install, succeed } from '../../support/mailman.ts';

const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));

/** Each step is a process or several; a busy machine takes its time. */
export const PATIENCE = { testTimeout: 240_000, hookTimeout: 240_000 };

/** Greets, as a server that takes mail does. */
const LISTENER = `require('node:net').createServer((socket) => socket.end('220 here\\r\\n'))
  .listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

/**
 * A site whose lists can move, and nothing that runs: a stand-in for Mailman 2 without its runners, programs that answer as
 * those of Postfix do, something that greets as a server for mail. So nothing changes but what a command changes.
 */
export class CutoverSite {
  readonly installation: Installation;
  readonly mailman2: Mailman2;
  readonly #listener: ChildProcess;

  private constructor(installation: Installation, mailman2: Mailman2, listener: ChildProcess) {
    this.installation = installation;
    this.mailman2 = mailman2;
    this.#listener = listener;
  }

  /**
   * Brings lists over.
   * @param settings further lines of `[cutover]`; FOLDER is the folder of it all
   * @param prepare changes Mailman 2 before that
   */
  static async open(
    lists: readonly string[],
    settings = '',
    prepare: (mailman2: Mailman2) => void = () => {},
  ): Promise<CutoverSite> {
    const installation = install();
    const { folder } = installation;
    mkdirSync(join(folder, 'mailman2'));
    mkdirSync(join(folder, 'postfix'));
    const mailman2 = installMailman2(join(folder, 'mailman2'), SITE, lists);
    prepare(mailman2);
    const data = join(folder, 'var', 'data');
    const answers = `#!/bin/sh
case "$2" in
mydestination) echo localhost ;;
transport_maps) echo regexp:${data}/postfix_lmtp ;;
virtual_alias_maps) echo regexp:${data}/postfix_vmap ;;
esac
`;
    const program = (name: string, text: string): void =>
      writeFileSync(join(folder, 'postfix', name), text, { mode: 0o755 });
    program('postconf', answers);
    program('postqueue', '#!/bin/sh\n');
    program('postfix', '#!/bin/sh\n');
    const listener = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = await new Promise<string>((resolve, reject) => {
      listener.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
      listener.once('error', reject);
    });
    const postfix = installation.file('postfix.cfg', '[postfix]\ntransport_file_type: regex\n');
    installation.file(
      'mailman.cfg',
      [
        ...['[mailman]', 'layout: test', '[paths.test]', `var_dir: ${folder}/var`],
        ...['[web]', 'port: 0', '[webservice]', 'port: 0'],
        ...['[mta]', `lmtp_port: ${port}`, `configuration: ${postfix}`],
        ...['[cutover]', 'alias_domain: ferry.invalid', `mailman2_var_dir: ${mailman2.varDir}`],
        ...[`mailman2_bin_dir: ${mailman2.binDir}`, `postconf_command: ${folder}/postfix/postconf`],
        settings.replaceAll('FOLDER', folder),
      ].join('\n'),
    );
    const site = new CutoverSite(installation, mailman2, listener);
    site.run('migrate', 'run', '--no-archives', mailman2.varDir);
    site.run('migrate', 'verify', mailman2.varDir);
    return site;
  }

  /** Runs a command, which must go well. @returns what it prints */
  run(...argv: readonly string[]): string {
    return succeed(this.installation.mailman(...argv));
  }

  /** Everything that there is of both, by path: what it holds, and when it was written. */
  everything(): Record<string, string> {
    const found: Record<string, string> = {};
    const { folder } = this.installation;
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (!stats?.isFile()) continue;
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      // A log says what was tried.
      if (!name.startsWith('var/logs/')) found[name] = `${hash} ${stats.mtimeMs}`;
    }
    return found;
  }

  /** Keys of the members who were handed over. */
  handedOver(list: string): string[] {
    const listId = list.replace('@', '.');
    return this.installation
      .query(`SELECT email FROM handed_over WHERE list_id = '${listId}' ORDER BY email`)
      .map(({ email }) => String(email));
  }

  close(): void {
    this.#listener.kill('SIGKILL');
  }
}
