import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/database/connection.ts';
import { findList, updateSettings } from '../../src/database/lists.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { answers, type MailServer, type MailServerSettings } from '../peers/mail-server.ts';
import { freePort } from '../peers/throwaway.ts';
import { hear } from '../support/hear.ts';
import { type Installation, install, succeed } from '../support/mailman.ts';
import { Person } from './person.ts';

const MASTER = fileURLToPath(new URL('../../bin/master', import.meta.url));

const READY_MS = 30_000;
const PATIENCE_MS = 60_000;
const LOOK_MS = 30;

/** Queues that nothing is delivered from. */
const ASIDE = new Set(['archive', 'nntp']);

/** Where a Ferryman and its mail server find each other. */
export interface Surroundings {
  /** `data_dir` */
  readonly data: string;
  /** `var_dir` */
  readonly folder: string;
  readonly lmtpPort: number;
  readonly smtpPort: number;
}

/** What a site consists of. */
export interface SitePlan {
  readonly startMailServer: (settings: MailServerSettings, surroundings: Surroundings) => Promise<MailServer>;
  /** What the documentation says for both, with the paths and ports of this site. */
  readonly configure: (
    surroundings: Surroundings,
    writeFile: Installation['file'],
  ) => { readonly mailmanCfg: string; readonly configuration: string };
  /** Local parts of the people who have mailboxes, with their names. */
  readonly people: Readonly<Record<string, string>>;
  /** Makes lists before anything runs. */
  readonly prepare: (site: Site) => Promise<void>;
  readonly routes?: Readonly<Record<string, number>>;
}

/** A Ferryman in a process of its own, beside a real mail server. */
export class Site {
  readonly surroundings: Surroundings;
  readonly #installation: Installation;
  readonly #metricsPort: number;
  #mailServer: MailServer | undefined;
  #master: ChildProcess | undefined;
  #people = new Map<string, Person>();

  private constructor(installation: Installation, surroundings: Surroundings, metricsPort: number) {
    this.#installation = installation;
    this.surroundings = surroundings;
    this.#metricsPort = metricsPort;
  }

  static async start(plan: SitePlan): Promise<Site> {
    const [lmtpPort, smtpPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
    const installation = install();
    // The mail server runs under another account.
    chmodSync(installation.folder, 0o755);
    const folder = join(installation.folder, 'var');
    const surroundings = { folder, data: join(folder, 'data'), lmtpPort, smtpPort };
    const site = new Site(installation, surroundings, metricsPort);
    const { mailmanCfg, configuration } = plan.configure(surroundings, installation.file);
    site.configure(
      `[mailman]\nsite_owner: postmaster@people.example\n${mailmanCfg}\n[web]\nport: 0\n[webservice]\nport: 0\n[metrics]\nenabled: yes\nport: ${metricsPort}\n`,
    );
    for (const [localPart, name] of Object.entries(plan.people)) {
      site.#people.set(localPart, new Person(localPart, name, smtpPort, () => site.mailServer));
    }
    await plan.prepare(site);
    const settings = {
      port: smtpPort,
      configuration,
      mailboxes: [...Object.keys(plan.people), 'postmaster'],
      routes: plan.routes ?? {},
    };
    try {
      const starting = await Promise.all([plan.startMailServer(settings, surroundings), site.startMaster()]);
      site.#mailServer = starting[0];
    } catch (error) {
      await site.stop();
      throw error;
    }
    return site;
  }

  get mailServer(): MailServer {
    if (!this.#mailServer) throw new Error('The mail server does not run yet');
    return this.#mailServer;
  }

  /** Adds to mailman.cfg. */
  configure(text: string): void {
    const file = join(this.#installation.folder, 'mailman.cfg');
    writeFileSync(file, `${readFileSync(file, 'utf8')}${text}\n`);
  }

  /** Runs a command, which must go wrong. @returns what it says on standard error */
  mailmanFails(...argv: readonly string[]): string {
    const { status, stderr } = this.#installation.mailman(...argv);
    if (status !== 1) throw new Error(`exit status ${status}: ${stderr}`);
    return stderr;
  }

  /** Runs a command, which must go well. @returns what it prints */
  mailman(...argv: readonly string[]): string {
    return succeed(this.#installation.mailman(...argv));
  }

  /** Adds members without a word to them; a line is what addmembers reads. */
  addMembers(list: string, delivery: string, ...lines: readonly string[]): void {
    const options = ['addmembers', '-W', '-d', delivery, '-', list];
    succeed(this.#installation.mailmanReading(lines.join('\n'), ...options));
  }

  /** @param path below `template_dir` */
  writeTemplate(path: string, text: string): void {
    const file = join(this.surroundings.folder, 'templates', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  person(localPart: string): Person {
    const person = this.#people.get(localPart);
    if (!person) throw new Error(`Nobody is called ${localPart}`);
    return person;
  }

  /** Changes settings of a list. */
  async change(list: string, settings: Partial<ListSettings>): Promise<void> {
    const database = await openDatabase(`sqlite:///${join(this.surroundings.data, 'mailman.db')}`);
    try {
      await database.transaction(async (connection) => {
        const found = await findList(connection, list);
        if (!found) throw new Error(`There is no list ${list}`);
        await updateSettings(connection, found, settings);
      });
    } finally {
      await database.close();
    }
  }

  query(statement: string): Record<string, unknown>[] {
    return this.#installation.query(statement);
  }

  log(name: string): string {
    return readFileSync(join(this.surroundings.folder, 'logs', name), 'utf8');
  }

  async startMaster(): Promise<void> {
    const child = spawn(MASTER, ['-C', join(this.#installation.folder, 'mailman.cfg')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = hear(child);
    this.#master = child;
    const limit = Date.now() + READY_MS;
    while (!(await this.isHealthy())) {
      if (child.exitCode !== null || Date.now() > limit)
        throw new Error(`master: ${child.exitCode} ${said()}`);
      await sleep(LOOK_MS);
    }
  }

  /** Makes the server read its configuration again, by command. */
  async restart(): Promise<void> {
    const starts = this.#starts();
    this.mailman('restart');
    const limit = Date.now() + READY_MS;
    // What a mail server cannot hand over at once it keeps for minutes.
    while (this.#starts() === starts || !(await answers(this.surroundings.lmtpPort))) {
      if (Date.now() > limit) throw new Error(`It did not start again: ${this.log('mailman.log')}`);
      await sleep(LOOK_MS);
    }
  }

  /** @returns the exit status */
  async stopMaster(): Promise<number | null> {
    const child = this.#master;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    return ended;
  }

  /** Waits until neither Ferryman nor the mail server has a mail in hand. */
  async settled(): Promise<void> {
    const limit = Date.now() + PATIENCE_MS;
    let quiet = 0;
    while (quiet < 3) {
      // A mail goes from one to the other and back, so a single look at each could miss it.
      const held = this.mailServer.queued() + (await this.#queued());
      quiet = held + this.mailServer.queued() === 0 ? quiet + 1 : 0;
      if (Date.now() > limit) throw new Error(`${held} mails are still under way\n${this.mailServer.log()}`);
      if (quiet < 3) await sleep(LOOK_MS);
    }
  }

  /** Whether it says itself that it is well. */
  isHealthy(): Promise<boolean> {
    return this.#ask('health').then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async stop(): Promise<void> {
    await this.stopMaster();
    await this.#mailServer?.stop();
  }

  /** How many mails Ferryman has in hand. Mail that met an error is one. */
  async #queued(): Promise<number> {
    const metrics = await (await this.#ask('metrics')).text();
    const counts = metrics.matchAll(/^ferryman_queue_entries\{queue="(\w+)"\} (\d+)$/gm);
    let total = 0;
    for (const [, queue, count] of counts) {
      if (queue === 'shunt' && Number(count) > 0) throw new Error(`shunted: ${this.log('error.log')}`);
      if (!ASIDE.has(queue ?? '')) total += Number(count);
    }
    return total;
  }

  #starts(): number {
    return this.log('mailman.log').split('Master started').length;
  }

  #ask(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#metricsPort}/${path}`);
  }
}
