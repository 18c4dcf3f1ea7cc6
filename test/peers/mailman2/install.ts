import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { numberOf } from '../../../migrate/pickle/values.ts';
import { readList } from './list-file.ts';
import { layStandIn, type Place } from './stand-in.ts';

/** A Mailman 2.1, driven by its commands and files only. */
export interface Mailman2 {
  readonly varDir: string;
  /** `bin`, with Mailman 2.1's commands. */
  readonly binDir: string;
  /** `mail/mailman`, which the aliases of Postfix call: `mailman post LIST`. */
  readonly wrapper: string;
  /** Lines for `alias_maps` as a table of keys and values: ten for each list. */
  readonly aliases: readonly string[];
  /** The account under which Postfix is to call the wrapper. */
  readonly mailUser: string;
  /** Runs a command of `bin`; throws what it says where it fails. @returns what it prints */
  run(command: string, parameters: readonly string[], input?: string): string;
  /** Hands a mail to the wrapper, as Postfix does. */
  post(list: string, mail: string): void;
  /** The number of the request that came last. */
  lastRequestId(list: string): number;
  /** Starts its runners, which send by SMTP to this port; what they could not send they try again soon. */
  start(smtpPort: number): Promise<void>;
  /** Ends its runners, and takes back what was changed for them. */
  stop(): Promise<void>;
}

const SUFFIXES = [
  '',
  'admin',
  'bounces',
  'confirm',
  'join',
  'leave',
  'owner',
  'request',
  'subscribe',
  'unsubscribe',
];

/** How long its master may take to start or stop. */
const LIMIT_MS = 120_000;

/** Between two looks for what could not be sent. */
const RETRY_MS = 500;

/**
 * What is set for a test. Mailman tries again after an hour, and looks only each quarter of an hour whether one is over: its
 * master does without the runner that does so, which is called by its command instead.
 */
const settingsFor = (smtpPort: number): string => `
SMTPHOST = '127.0.0.1'
SMTPPORT = ${smtpPort}
DELIVERY_RETRY_WAIT = 1
MAX_AUTORESPONSES_PER_DAY = 0
QRUNNERS = [one for one in QRUNNERS if one[0] != 'RetryRunner']
`;

/** Makes a stand-in of the lists in `site/lists`. @param folder a folder that Postfix's delivery agent may enter */
export function installMailman2(folder: string, site: string, lists: readonly string[]): Mailman2 {
  return openMailman2(layStandIn(folder), site, lists);
}

/** The installed Mailman 2.1 that the environment names: see README.md beside this. Undefined where it names none. */
export function namedPlace(): Place | undefined {
  const prefix = process.env.MAILMAN2_DIR;
  if (prefix === undefined) return undefined;
  const mailUser = process.env.MAILMAN2_MAIL_USER;
  return {
    prefix,
    varDir: process.env.MAILMAN2_VAR_DIR ?? prefix,
    ...(mailUser === undefined ? {} : { mailUser }),
  };
}

/**
 * Gives an installed Mailman 2.1, whose runners are not at work, the lists in `site/lists`, in place of any of the same names.
 * It is driven alike whether it is the stand-in or a real one.
 */
export function openMailman2(
  { prefix, varDir, mailUser = 'nobody' }: Place,
  site: string,
  lists: readonly string[],
): Mailman2 {
  const binDir = join(prefix, 'bin');
  const wrapper = join(prefix, 'mail', 'mailman');
  const settings = join(prefix, 'Mailman', 'mm_cfg.py');
  const master = join(varDir, 'data', 'master-qrunner.pid');
  const lock = join(varDir, 'locks', 'master-qrunner');
  if (existsSync(lock)) throw new Error(`Mailman 2 is at work: ${lock} is there`);
  for (const list of lists) layList(varDir, site, list);
  const run: Mailman2['run'] = (command, parameters, input = '') => {
    const { status, stdout, stderr } = spawnSync(join(binDir, command), [...parameters], {
      ...{ encoding: 'utf8', input },
    });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout;
  };
  /** Its master goes on with what it was given to write to, and well or not says nothing of whether it runs. */
  const control = async (action: string, isDone: () => boolean): Promise<void> => {
    const said = openSync(join(varDir, 'logs', 'mailmanctl'), 'a');
    spawnSync(join(binDir, 'mailmanctl'), ['-s', action], { stdio: ['ignore', said, said] });
    closeSync(said);
    const end = Date.now() + LIMIT_MS;
    while (!isDone()) {
      if (Date.now() > end) throw new Error(`mailmanctl ${action} does nothing: see logs/mailmanctl`);
      await sleep(20);
    }
  };
  const isAtWork = (): boolean =>
    existsSync(lock) &&
    existsSync(master) &&
    readFileSync(lock, 'utf8').split('.').at(-1) === readFileSync(master, 'utf8').trim();
  let before: string | undefined;
  let trying: ReturnType<typeof tryAgain> | undefined;
  return {
    varDir,
    binDir,
    wrapper,
    mailUser,
    run,
    aliases: lists.flatMap((list) =>
      SUFFIXES.map((suffix) => {
        const local = suffix === '' ? list : `${list}-${suffix}`;
        return `${local} "|${wrapper} ${suffix === '' ? 'post' : suffix} ${list}"`;
      }),
    ),
    post: (list, mail) => {
      const { status, stderr } = spawnSync(wrapper, ['post', list], { input: mail, encoding: 'utf8' });
      if (status !== 0) throw new Error(`mailman post: ${stderr}`);
    },
    lastRequestId: (list) => (numberOf(readList(varDir, list).config.get('next_request_id')) ?? 1) - 1,
    start: async (smtpPort) => {
      before = readFileSync(settings, 'utf8');
      writeFileSync(settings, before + settingsFor(smtpPort));
      await control('start', isAtWork);
      trying = tryAgain(join(binDir, 'qrunner'), join(varDir, 'qfiles', 'retry'));
    },
    stop: async () => {
      if (before === undefined) return;
      writeFileSync(settings, before);
      before = undefined;
      await trying?.stop();
      // The lock goes when its master has ended; the file with its number stays.
      if (existsSync(lock)) await control('stop', () => !existsSync(lock));
    },
  };
}

/** Calls the runner of what could not be sent, while there is something. */
function tryAgain(qrunner: string, folder: string): { stop(): Promise<void> } {
  let isOver = false;
  const going = (async () => {
    while (!isOver) {
      await sleep(RETRY_MS);
      if (!existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith('.pck'))) continue;
      const child = spawn(qrunner, ['-r', 'Retry', '-o'], { stdio: 'ignore' });
      await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    }
  })();
  return {
    stop: () => {
      isOver = true;
      return going;
    },
  };
}

/** Its folder, and those of its archive, which Mailman makes when it makes a list. What an earlier one had there goes. */
function layList(varDir: string, site: string, list: string): void {
  const path = join(varDir, 'lists', list);
  rmSync(path, { recursive: true, force: true });
  cpSync(join(site, 'lists', list), path, { recursive: true });
  giveTo(path, statSync(join(varDir, 'lists')));
  const archives = join(varDir, 'archives', 'private');
  for (const name of [list, `${list}.mbox`]) {
    rmSync(join(archives, name), { recursive: true, force: true });
    mkdirSync(join(archives, name));
    giveTo(join(archives, name), statSync(archives));
  }
}

/** Its account, whoever that is, has to write there: it is in the group of the folders, which they hand on. */
function giveTo(path: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  chownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) {
    chmodSync(path, 0o660);
    return;
  }
  chmodSync(path, 0o2775);
  for (const name of readdirSync(path)) giveTo(join(path, name), { uid, gid });
}
