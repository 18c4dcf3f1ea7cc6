import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Where things listen here. */
export interface Ports {
  readonly smtp: number;
  readonly lmtp: number;
  readonly web: number;
  readonly rest: number;
  readonly metrics: number;
}

/**
 * Where that which docs/moving.md names lies on this machine: all that is different when its commands are run here. Of names
 * that begin alike the longer one comes first.
 */
export class Places {
  readonly folder: string;
  readonly #places: readonly (readonly [string, string])[];

  /**
   * @param folder for all of it
   * @param postfix where main.cf is
   */
  constructor(folder: string, postfix: string, ports: Ports) {
    this.folder = folder;
    this.#places = [
      ['/etc/mailman.cfg', join(folder, 'mailman.cfg')],
      ['/etc/postfix', postfix],
      ['/etc/aliases', join(folder, 'aliases')],
      ['/opt/ferryman/bin/mailman', join(folder, 'bin/mailman')],
      ['/opt/ferryman', ROOT],
      ['/usr/lib/mailman', join(folder, 'mailman2')],
      ['/var/lib/mailman', join(folder, 'mailman2/var')],
      ['/var/lib/ferryman', join(folder, 'var')],
      [
        'mailman2_domain: localhost',
        `mailman2_domain: localhost\npostconf_command: /usr/sbin/postconf -c ${postfix}`,
      ],
      ['smtp_port: 25', `smtp_port: ${ports.smtp}`],
      ['8024', String(ports.lmtp)],
      ['8000', String(ports.web)],
      ['8001', String(ports.rest)],
      ['8002', String(ports.metrics)],
    ];
    mkdirSync(this.binFolder);
    this.#program('mailman', `${ROOT}/bin/mailman --run-as-root -C ${folder}/mailman.cfg`);
    for (const name of ['postfix', 'postmap', 'postalias', 'postqueue'])
      this.#program(name, `/usr/sbin/${name} -c ${postfix}`);
  }

  /** Programs that know which configuration is meant: to come first in PATH. */
  get binFolder(): string {
    return join(this.folder, 'bin');
  }

  /** A text of the guide, as it is here. */
  here(text: string): string {
    return this.#places.reduce((changed, [theirs, ours]) => changed.replaceAll(theirs, ours), text);
  }

  /** What a command said here, as the guide has it. */
  there(text: string): string {
    const longestFirst = this.#places.toSorted(([, one], [, other]) => other.length - one.length);
    return longestFirst.reduce((changed, [theirs, ours]) => changed.replaceAll(ours, theirs), text);
  }

  /** Writes a file that the guide names. */
  write(path: string, content: string): void {
    const file = this.here(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, this.here(content));
  }

  #program(name: string, command: string): void {
    writeFileSync(join(this.binFolder, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  }
}
