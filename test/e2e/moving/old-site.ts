import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { isListening } from '../../../src/model/cutover.ts';
import { installMailman2, type Mailman2 } from '../../peers/mailman2/install.ts';
import { dict, readList, text } from '../../peers/mailman2/list-file.ts';
import { type Postfix, startPostfix } from '../../peers/postfix.ts';
import { freePort } from '../../peers/throwaway.ts';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';
import { Places, type Ports } from './places.ts';

const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));

const PATIENCE_MS = 120_000;
const LOOK_MS = 50;

/** Queues that nothing is delivered from. */
const ASIDE = new Set(['archive', 'nntp']);

/** Who has sent a post to how many, and who got it more than once. */
export interface Delivery {
  readonly mailman2: number;
  readonly ferryman: number;
  readonly recipients: readonly string[];
  readonly twice: readonly string[];
}

/** What a command did. */
export interface Outcome {
  readonly status: number | null;
  /** Both outputs, as they came. */
  readonly output: string;
}

/**
 * The site of the fixtures as it is before the move: a Mailman 2 behind a real Postfix, as its administrators set both up.
 * All mail for people ends in a sink.
 */
export class OldSite {
  readonly mailman2: Mailman2;
  readonly sink: SmtpSink;
  readonly ports: Ports;
  readonly places: Places;
  readonly #postfix: Postfix;

  private constructor(mailman2: Mailman2, sink: SmtpSink, ports: Ports, places: Places, postfix: Postfix) {
    this.mailman2 = mailman2;
    this.sink = sink;
    this.ports = ports;
    this.places = places;
    this.#postfix = postfix;
  }

  /**
   * @param mainCf settings of Postfix; of places as the guide names them
   * @param web the port of the pages to be
   * @param isWhole with damaged lists, and with archives
   */
  static async start(mainCf: string, lists: readonly string[], web?: number): Promise<OldSite> {
    const folder = mkdtempSync(join(tmpdir(), 'ferryman-moving-'));
    // Postfix runs under accounts of its own.
    chmodSync(folder, 0o755);
    const old = join(folder, 'mailman2');
    mkdirSync(old);
    const mailman2 = installMailman2(old, SITE, lists);
    bringRest(mailman2, lists);
    const ports = {
      ...{
        smtp: await freePort(),
        lmtp: await freePort(),
        rest: await freePort(),
        metrics: await freePort(),
      },
      web: web ?? (await freePort()),
    };
    const sink = await startSmtpSink();
    const own = [
      ...[
        'myorigin = localhost',
        'default_privs = nobody',
        `default_transport = smtp:[127.0.0.1]:${sink.port}`,
      ],
      // What cannot be brought on at once is to go on soon.
      ...['minimal_backoff_time = 1s', 'maximal_backoff_time = 2s', 'queue_run_delay = 1s'],
      ...['transport_retry_time = 1s', ''],
    ];
    const postfix = await startPostfix({ port: ports.smtp, configuration: own.join('\n'), mailboxes: [] });
    const places = new Places(folder, postfix.configFolder, ports);
    const site = new OldSite(mailman2, sink, ports, places, postfix);
    site.#writeAliases();
    site.setPostfix(mainCf);
    site.shell('postfix reload');
    await mailman2.start(ports.smtp);
    return site;
  }

  /** Settings into main.cf, in the place of those that are there. @param lines of places as the guide names them */
  setPostfix(lines: string): void {
    const file = join(this.#postfix.configFolder, 'main.cf');
    const settings = this.places
      .here(lines)
      .split('\n')
      .filter((line) => /^\w+ =/.test(line));
    const names = new Set(settings.map((line) => line.split(' ')[0]));
    const kept = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !names.has(line.split(' ')[0] ?? ''));
    writeFileSync(file, [...kept, ...settings, ''].join('\n'));
    // Postfix waits for two seconds to see whether a fresh file changes again.
    utimesSync(file, 0, 0);
  }

  /** Runs a command of the guide. */
  shell(command: string): Outcome {
    const { MAILMAN_CONFIG_FILE: _, MAILMAN_VAR_DIR: __, ...env } = process.env;
    const path = `${this.places.binFolder}:${this.mailman2.binDir}:${env.PATH ?? ''}`;
    const { status, stdout } = spawnSync('sh', ['-c', `exec 2>&1\n${this.places.here(command)}`], {
      ...{ encoding: 'utf8', cwd: this.places.folder, maxBuffer: 1 << 28 },
      env: { ...env, PATH: path, HOME: this.places.folder },
    });
    return { status, output: this.places.there(stdout) };
  }

  /** Hands a post in as a mail client does, and waits until everybody has it. */
  async post(from: string, list: string, id: string, body = `This is ${id}.`): Promise<Delivery> {
    const messageId = `<${id}@client.example>`;
    const lines = [
      ...[`From: ${from}`, `To: ${list}`, `Subject: Post ${id}`, `Message-ID: ${messageId}`],
      ...[`Date: ${new Date().toUTCString()}`, '', body, ''],
    ];
    const transport = createTransport({ host: '127.0.0.1', port: this.ports.smtp, ignoreTLS: true });
    try {
      await transport.sendMail({ envelope: { from, to: [list] }, raw: lines.join('\r\n') });
    } finally {
      transport.close();
    }
    await this.settled();
    return this.deliveryOf(id);
  }

  /** Whom Mailman 2 delivers the posts of a list to. */
  receivers(list: string): string[] {
    const { config } = readList(this.mailman2.varDir, list);
    const isOff = dict(config, 'delivery_status');
    const members = dict(config, 'members').keys.map(text);
    return members.filter((address) => !isOff.has(address) && !isListening(address)).sort();
  }

  /** Waits until nobody has a mail in hand. */
  async settled(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    for (let quiet = 0; quiet < 5; quiet += 1) {
      if (this.#held() + (await this.#queued()) > 0) quiet = -1;
      if (Date.now() > end) throw new Error(`Mail is not delivered\n${this.#whereabouts()}`);
      await sleep(LOOK_MS);
    }
  }

  async stop(): Promise<void> {
    this.shell('mailman stop');
    await this.mailman2.stop();
    await this.#postfix.stop();
    await this.sink.stop();
    rmSync(this.places.folder, { recursive: true, force: true });
  }

  /** Who has got a post so far, by the identifier that it was handed in with. */
  deliveryOf(id: string): Delivery {
    const count = { mailman2: 0, ferryman: 0 };
    const recipients: string[] = [];
    for (const { message, recipients: to } of this.sink.mails) {
      if (!message.includes(`Message-ID: <${id}@client.example>`)) continue;
      count[message.includes('X-Mailman-Version: 2.1.39') ? 'mailman2' : 'ferryman'] += to.length;
      recipients.push(...to.map((address) => address.toLowerCase()));
    }
    const different = [...new Set(recipients)].sort();
    const twice = different.filter((one) => recipients.indexOf(one) !== recipients.lastIndexOf(one));
    return { ...count, recipients: different, twice };
  }

  /** Where mail is that does not arrive. */
  #whereabouts(): string {
    const queues = ['in', 'out', 'retry', 'shunt'].map((name) => join(this.mailman2.varDir, 'qfiles', name));
    return [
      `Postfix has ${this.#postfix.queued()}`,
      ...queues.map((folder) => `${folder} has ${readdirSync(folder).join(' ')}`),
      this.shell('mailman queues; mailman queues in; mailman queues shunt').output,
      this.#postfix.log().slice(-3000),
    ].join('\n');
  }

  /** What Postfix and Mailman 2 have in hand. */
  #held(): number {
    const queues = ['in', 'out', 'retry'].map(
      (name) => readdirSync(join(this.mailman2.varDir, 'qfiles', name)).length,
    );
    return queues.reduce((total, count) => total + count, this.#postfix.queued());
  }

  /** What Ferryman has in hand, where it runs already. */
  async #queued(): Promise<number> {
    const metrics = await fetch(`http://127.0.0.1:${this.ports.metrics}/metrics`).then(
      (answer) => (answer.ok ? answer.text() : 'ferryman_queue_entries{queue="unknown"} 1\n'),
      () => '',
    );
    const queues = [...metrics.matchAll(/^ferryman_queue_entries\{queue="(\w+)"\} (\d+)$/gm)];
    return queues
      .filter(([, queue = '']) => !ASIDE.has(queue))
      .reduce((total, [, , count]) => total + Number(count), 0);
  }

  /** As Mailman writes them, and those of the machine. */
  #writeAliases(): void {
    const lines = this.mailman2.aliases.map((line) => line.replace(' ', ': '));
    const virtual = this.mailman2.aliases.map((line) => {
      const [local = ''] = line.split(' ');
      return `${local}@lists.example.com ${local}`;
    });
    this.places.write('/etc/aliases', 'postmaster: root\n');
    this.places.write('/var/lib/mailman/data/aliases', `${lines.join('\n')}\n`);
    this.places.write('/var/lib/mailman/data/virtual-mailman', `${virtual.join('\n')}\n`);
    this.shell('postalias /etc/aliases /var/lib/mailman/data/aliases');
    this.shell('postmap /var/lib/mailman/data/virtual-mailman');
  }
}

/** What is beside the lists: settings, site passwords, held posts, archives. */
function bringRest({ varDir }: Mailman2, lists: readonly string[]): void {
  const isOfAnother = (name: string): boolean => {
    const [, list = ''] = /^heldmsg-(.*)-\d+\.pck$/.exec(name) ?? [];
    return list !== '' && !lists.includes(list);
  };
  cpSync(join(SITE, 'data'), join(varDir, 'data'), {
    recursive: true,
    filter: (path) => !isOfAnother(basename(path)),
  });
  cpSync(join(SITE, 'Mailman'), join(varDir, 'Mailman'), { recursive: true });
  spawnSync('tar', ['-xzf', join(SITE, 'archives.tar.gz'), '-C', varDir]);
  const archives = join(varDir, 'archives/private');
  for (const name of readdirSync(archives)) {
    if (!lists.includes(name.replace(/\.mbox$/, ''))) rmSync(join(archives, name), { recursive: true });
  }
}
