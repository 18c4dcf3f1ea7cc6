import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { installMailman2, type Mailman2, namedPlace, openMailman2 } from '../../peers/mailman2/install.ts';
import { type Postfix, startPostfix } from '../../peers/postfix.ts';
import { freePort } from '../../peers/throwaway.ts';
import { hear } from '../../support/hear.ts';
import { type Installation, install, MAILMAN, type Outcome, succeed } from '../../support/mailman.ts';
import { beginCommand, type RunningCommand } from '../../support/running-command.ts';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';

const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));
const MASTER = fileURLToPath(new URL('../../../bin/master', import.meta.url));

const PATIENCE_MS = 120_000;
const LOOK_MS = 50;

/** Queues that nothing is delivered from. */
const ASIDE = new Set(['archive', 'nntp']);

interface Ports {
  readonly lmtp: number;
  readonly smtp: number;
  readonly metrics: number;
}

/**
 * A site in the middle of its move: a Mailman 2 and a Ferryman behind one real Postfix, with the lists in a virtual alias
 * domain. All mail for members ends in a sink.
 */
export class CutoverRig {
  readonly mailman2: Mailman2;
  readonly sink: SmtpSink;
  readonly #installation: Installation;
  readonly #ports: Ports;
  #postfix: Postfix | undefined;
  #master: ChildProcess | undefined;

  private constructor(installation: Installation, mailman2: Mailman2, sink: SmtpSink, ports: Ports) {
    this.#installation = installation;
    this.mailman2 = mailman2;
    this.sink = sink;
    this.#ports = ports;
  }

  /**
   * Brings lists over and starts everything; Mailman 2 is in charge.
   * @param prepare changes Mailman 2 before that
   * @param site where the files of the lists are
   */
  static async start(
    lists: readonly string[],
    prepare: (mailman2: Mailman2) => void = () => {},
    site: string = SITE,
  ): Promise<CutoverRig> {
    const ports = { lmtp: await freePort(), smtp: await freePort(), metrics: await freePort() };
    const installation = install();
    // Postfix runs under another account.
    chmodSync(installation.folder, 0o755);
    const old = join(installation.folder, 'mailman2');
    mkdirSync(old);
    const place = namedPlace();
    const mailman2 = place ? openMailman2(place, site, lists) : installMailman2(old, site, lists);
    const rig = new CutoverRig(installation, mailman2, await startSmtpSink(), ports);
    prepare(rig.mailman2);
    rig.#writeConfig('/usr/sbin/postconf');
    // It may have others, which are none of ours.
    const ours = lists.flatMap((list) => ['--list', list]);
    rig.mailman('migrate', 'run', ...ours, rig.mailman2.varDir);
    rig.mailman('migrate', 'verify', ...ours, rig.mailman2.varDir);
    try {
      await rig.startPostfix();
      await rig.mailman2.start(ports.smtp);
      await rig.startMaster();
    } catch (error) {
      await rig.stop();
      throw error;
    }
    return rig;
  }

  /** Runs a command, which must go well. @returns what it prints */
  mailman(...argv: readonly string[]): string {
    return succeed(this.try(...argv));
  }

  /** Runs a command that may fail. */
  try(...argv: readonly string[]): Outcome {
    return this.#installation.mailman(...argv);
  }

  /** Begins a command that reads `input`, while the test goes on. */
  begin(input: string, ...argv: readonly string[]): RunningCommand {
    return beginCommand(MAILMAN, ['-C', join(this.#installation.folder, 'mailman.cfg'), ...argv], input);
  }

  /** Where clients hand in their mail. */
  get smtpPort(): number {
    return this.#ports.smtp;
  }

  get folder(): string {
    return this.#installation.folder;
  }

  get postfix(): Postfix {
    if (!this.#postfix) throw new Error('Postfix was not started');
    return this.#postfix;
  }

  query(statement: string): Record<string, unknown>[] {
    return this.#installation.query(statement);
  }

  /** Changes the database behind everybody's back. */
  sql(statement: string): void {
    this.#installation.sql(statement);
  }

  /** Waits until who has joined at Mailman 2 is a member here. */
  async followed(address: string): Promise<void> {
    await until(
      `${address} is a member here`,
      async () => this.query(`SELECT 1 FROM member WHERE email = '${address}'`).length > 0,
    );
  }

  /** Hands a post in as a mail client does. @returns its Message-ID */
  async post(from: string, list: string, id: string): Promise<string> {
    const messageId = `<${id}@client.example>`;
    const lines = [
      ...[`From: ${from}`, `To: ${list}`, `Subject: Post ${id}`, `Message-ID: ${messageId}`],
      ...['Date: Mon, 05 Oct 2026 10:00:00 +0200', '', `This is ${id}.`, ''],
    ];
    const transport = createTransport({ host: '127.0.0.1', port: this.#ports.smtp, ignoreTLS: true });
    try {
      await transport.sendMail({ envelope: { from, to: [list] }, raw: lines.join('\r\n') });
    } finally {
      transport.close();
    }
    return messageId;
  }

  /** How often each recipient got a mail with this Message-ID. */
  copiesOf(messageId: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { message, recipients } of this.sink.mails) {
      if (!message.subarray(0, 4000).includes(`Message-ID: ${messageId}`)) continue;
      for (const recipient of recipients) {
        const key = recipient.toLowerCase();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Which of both has sent a mail to each recipient; Ferryman puts other headers into it. */
  senderOf(messageId: string): Map<string, 'mailman2' | 'ferryman'> {
    const senders = new Map<string, 'mailman2' | 'ferryman'>();
    for (const { message, recipients } of this.sink.mails) {
      if (!message.includes(`Message-ID: ${messageId}`)) continue;
      const sender = message.includes('X-Mailman-Version: 2.1.39') ? 'mailman2' : 'ferryman';
      for (const recipient of recipients) senders.set(recipient.toLowerCase(), sender);
    }
    return senders;
  }

  async startPostfix(): Promise<void> {
    const { folder, file } = this.#installation;
    const data = join(folder, 'var', 'data');
    const aliases = file('aliases', `${this.mailman2.aliases.join('\n')}\n`);
    const configuration = [
      ...['virtual_alias_domains = lists.example.com', `virtual_alias_maps = hash:${data}/postfix_vmap`],
      ...[`transport_maps = hash:${data}/postfix_lmtp`, `relay_domains = hash:${data}/postfix_domains`],
      ...['mydestination = localhost', 'local_recipient_maps =', `alias_maps = texthash:${aliases}`],
      ...[
        `default_privs = ${this.mailman2.mailUser}`,
        `default_transport = smtp:[127.0.0.1]:${this.sink.port}`,
      ],
      // What waits for a program that was killed is to go on soon.
      ...['minimal_backoff_time = 1s', 'maximal_backoff_time = 2s', 'queue_run_delay = 1s'],
      // Names of mails that do not come again tell which way a copy came.
      ...['transport_retry_time = 1s', 'recipient_delimiter = +', 'enable_long_queue_ids = yes', ''],
    ].join('\n');
    this.#postfix = await startPostfix({ port: this.#ports.smtp, configuration, mailboxes: [] });
    this.#writeConfig(`/usr/sbin/postconf -c ${this.#postfix.configFolder}`);
  }

  async startMaster(): Promise<void> {
    const child = spawn(MASTER, ['-C', join(this.#installation.folder, 'mailman.cfg')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = hear(child);
    this.#master = child;
    await until('the server is ready', async () => {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}: ${said()}`);
      return this.#ask('health').then(
        ({ ok }) => ok,
        () => false,
      );
    });
  }

  /** Ends the server as a power failure does. */
  async killMaster(): Promise<void> {
    const child = this.#master;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Waits until nobody has a mail in hand. */
  async settled(patienceMs = PATIENCE_MS): Promise<void> {
    let quiet = 0;
    let last = '';
    await until(
      'all mail is delivered',
      async () => {
        const there = this.#inMailman2();
        const underWay = this.#postfix?.waiting() ?? [];
        const here = await this.#queued();
        last = `Mailman 2: ${there.join(' ') || 'nothing'}; Postfix: ${underWay.join(' ') || 'nothing'}; here: ${here}`;
        quiet = there.length + underWay.length + here === 0 ? quiet + 1 : 0;
        return quiet >= 5;
      },
      () => `${last}\n${this.#postfix?.log().slice(-3000)}`,
      patienceMs,
    );
  }

  /** Copies what tells afterwards how it went: the database, the logs of all three. */
  copyTraces(folder: string): void {
    mkdirSync(folder, { recursive: true });
    cpSync(join(this.folder, 'var'), join(folder, 'var'), { recursive: true });
    cpSync(join(this.mailman2.varDir, 'logs'), join(folder, 'mailman2'), { recursive: true });
    writeFileSync(join(folder, 'mail.log'), this.#postfix?.log() ?? '');
  }

  async stop(): Promise<void> {
    const child = this.#master;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    await this.mailman2.stop();
    await this.#postfix?.stop();
    await this.sink.stop();
  }

  /** Complete entries; a wrapper that was killed leaves others. */
  #inMailman2(): string[] {
    const folder = join(this.mailman2.varDir, 'qfiles');
    const queues = new Set(readdirSync(folder));
    return ['in', 'out', 'commands', 'virgin', 'retry']
      .filter((queue) => queues.has(queue))
      .flatMap((queue) =>
        readdirSync(join(folder, queue))
          .filter((name) => /\.(?:pck|bak)$/.test(name))
          .map((name) => `${queue}/${name}`),
      );
  }

  async #queued(): Promise<number> {
    const metrics = await (await this.#ask('metrics')).text();
    let total = 0;
    for (const [, queue, count] of metrics.matchAll(/^ferryman_queue_entries\{queue="(\w+)"\} (\d+)$/gm)) {
      if (queue === 'shunt' && Number(count) > 0) throw new Error('Something was shunted');
      if (!ASIDE.has(queue ?? '')) total += Number(count);
    }
    return total;
  }

  #ask(path: string): Promise<Response> {
    const ask = (): Promise<Response> => fetch(`http://127.0.0.1:${this.#ports.metrics}/${path}`);
    // The server may end a connection that was not used for a while in the moment in which it is used again.
    return ask().catch(ask);
  }

  #writeConfig(postconf: string): void {
    const { lmtp, smtp, metrics } = this.#ports;
    const { varDir, binDir } = this.mailman2;
    this.#installation.file(
      'mailman.cfg',
      [
        ...['[mailman]', 'layout: test', 'site_owner: postmaster@people.example'],
        ...['[paths.test]', `var_dir: ${this.#installation.folder}/var`],
        ...['[web]', 'port: 0', '[webservice]', 'port: 0', '[metrics]', 'enabled: yes', `port: ${metrics}`],
        ...['[mta]', `lmtp_port: ${lmtp}`, 'smtp_host: 127.0.0.1', `smtp_port: ${smtp}`],
        ...['[cutover]', 'alias_domain: ferry.invalid', `mailman2_var_dir: ${varDir}`],
        ...[`mailman2_bin_dir: ${binDir}`, `postconf_command: ${postconf}`, ''],
      ].join('\n'),
    );
  }
}

/** @throws Error when it takes too long */
async function until(
  what: string,
  condition: () => Promise<boolean>,
  tell: () => string = () => '',
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}\n${tell()}`);
    await sleep(LOOK_MS);
  }
}
