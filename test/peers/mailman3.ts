import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, freePort, makeThrowaway } from './throwaway.ts';

/** A Mailman 3 of its own, as Debian ships it. */
export interface Mailman3 {
  /** As it calls itself: `GNU Mailman 3.3.8 (Tom Sawyer)`. */
  readonly version: string;
  readonly lmtpPort: number;
  /** Where its REST API is, such as `http://127.0.0.1:8001`. */
  readonly restOrigin: string;
  /**
   * Calls its REST API.
   * @param path below the version, such as `/lists`
   * @param data sent as a form; lists of values repeat their name
   * @returns the JSON of the answer; undefined where there is none
   * @throws Error where the status is not 2xx
   */
  rest(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    data?: Readonly<Record<string, FormValue>>,
  ): Promise<Record<string, unknown> | undefined>;
  /** What it has logged since this was called last, without times and process numbers. */
  newLogLines(): string[];
  /** How many messages a queue holds, those being worked on included. */
  queueLength(queue: string): number;
  /** Waits until nothing is in the queues on the way of a message. */
  untilIdle(): Promise<void>;
  stop(): Promise<void>;
}

export type FormValue = string | number | boolean | readonly string[];

/** The folder of Debian's package. */
const FOLDERS = ['/usr/lib/mailman3/bin'];

const PASSWORD = 'restpass';

/** In the order in which messages go through them, so that none can hide while they are looked at. */
const WORKING_QUEUES = ['in', 'bounces', 'command', 'pipeline', 'digest', 'virgin', 'archive', 'out'];

/** Its runners look into their queues once in a second; the tests have less time. */
const SLEEP = '0.05s';

/**
 * Starts Mailman 3 with its embedded database, LMTP and REST on ports of its own.
 * @param smtpPort of 127.0.0.1, where all its mail goes
 * @param options config: further text of mailman.cfg for the folder that holds var_dir; files: by their path below var_dir
 * @throws MissingPeerError
 */
export async function startMailman3(
  smtpPort: number,
  options: {
    readonly config?: (folder: string) => string;
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<Mailman3> {
  const master = findProgram('master', FOLDERS);
  const throwaway = makeThrowaway('list', 'KILL');
  const { folder } = throwaway;
  const [lmtpPort, restPort] = [await freePort(), await freePort()];
  for (const [path, content] of Object.entries(options.files ?? {}))
    writeOwned(folder, join('var', path), content);
  const file = writeOwned(
    folder,
    'mailman.cfg',
    configuration(folder, { lmtpPort, restPort, smtpPort, more: options.config?.(folder) ?? '' }),
  );
  const rest = restClient(restPort);
  await throwaway.start(
    [[master, '-C', file]],
    async () => (await isListening(lmtpPort)) && (await rest('GET', '/system').then(Boolean, () => false)),
  );
  const queueLength = (queue: string): number => filesOf(join(folder, 'var/queue', queue)).length;
  let logRead = 0;
  return {
    version: String((await rest('GET', '/system'))?.mailman_version),
    lmtpPort,
    restOrigin: `http://127.0.0.1:${restPort}`,
    rest,
    newLogLines: () => {
      const log = readFileSync(join(folder, 'var/logs/mailman.log'), 'utf8');
      const news = log.slice(logRead);
      logRead = log.length;
      return news
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(/^\w{3} \d\d [\d:]+ \d{4} \(\d+\) /, ''));
    },
    queueLength,
    untilIdle: async () => {
      const limit = Date.now() + 60_000;
      while (WORKING_QUEUES.some((queue) => queueLength(queue) > 0)) {
        if (Date.now() > limit) throw new Error(`Mailman 3 in ${folder} does not come to rest`);
        await sleep(10);
      }
    },
    stop: () => throwaway.stop(),
  };
}

interface Ports {
  readonly lmtpPort: number;
  readonly restPort: number;
  readonly smtpPort: number;
}

function configuration(
  folder: string,
  { lmtpPort, restPort, smtpPort, more }: Ports & { readonly more: string },
): string {
  const runners = [...WORKING_QUEUES, 'lmtp', 'rest', 'retry', 'shunt', 'nntp'];
  return `[mailman]
layout: private
[paths.private]
var_dir: ${folder}/var
bin_dir: ${FOLDERS[0]}
[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:///${folder}/var/data/mailman.db
[mta]
incoming: mailman.mta.null.NullMTA
smtp_host: 127.0.0.1
smtp_port: ${smtpPort}
lmtp_host: 127.0.0.1
lmtp_port: ${lmtpPort}
max_autoresponses_per_day: 0
verp_personalized_deliveries: yes
[webservice]
hostname: 127.0.0.1
port: ${restPort}
admin_user: restadmin
admin_pass: ${PASSWORD}
[logging.http]
path: http.log
[dmarc]
resolver_timeout: 0.1s
resolver_lifetime: 0.1s
org_domain_data_url: file:///dev/null
${runners
  .filter((name) => !['lmtp', 'rest', 'nntp', 'shunt'].includes(name))
  .map((name) => `[runner.${name}]\nsleep_time: ${SLEEP}\n`)
  .join('')}${more}`;
}

/** It runs under another account than the tests, where those run as root. */
function writeOwned(folder: string, path: string, content: string): string {
  const { uid, gid } = statSync(folder);
  let parent = folder;
  for (const name of dirname(path).split('/')) {
    parent = join(parent, name);
    mkdirSync(parent, { recursive: true });
    chownSync(parent, uid, gid);
  }
  writeFileSync(join(folder, path), content);
  chownSync(join(folder, path), uid, gid);
  return join(folder, path);
}

function restClient(port: number): Mailman3['rest'] {
  const authorization = `Basic ${Buffer.from(`restadmin:${PASSWORD}`).toString('base64')}`;
  return async (method, path, data) => {
    const body = data && form(data);
    const response = await fetch(`http://127.0.0.1:${port}/3.1${path}`, {
      method,
      headers: { authorization },
      ...(body ? { body } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  };
}

function form(data: Readonly<Record<string, FormValue>>): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(data)) {
    for (const one of Array.isArray(value) ? value : [value]) fields.append(name, String(one));
  }
  return fields;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The greeting comes when the server is behind it. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
