import { spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
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
  /** Runs a command of `bin`; throws what it says where it fails. @returns what it prints */
  run(command: string, parameters: readonly string[], input?: string): string;
  /** Hands a mail to the wrapper, as Postfix does. */
  post(list: string, mail: string): void;
  /** The number of the request that came last. */
  lastRequestId(list: string): number;
  /** Starts its runners, which send by SMTP to this port. */
  start(smtpPort: number): void;
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

const STOP_LIMIT_MS = 30_000;

/** Makes a stand-in of the lists in `site/lists`. @param folder a folder that Postfix's delivery agent may enter */
export function installMailman2(folder: string, site: string, lists: readonly string[]): Mailman2 {
  return openMailman2(layStandIn(folder), site, lists);
}

/**
 * Gives an installed Mailman 2.1 the lists in `site/lists`, in place of any of the same names. It is driven alike whether it
 * is the stand-in or a real one.
 */
export function openMailman2({ prefix, varDir }: Place, site: string, lists: readonly string[]): Mailman2 {
  const binDir = join(prefix, 'bin');
  const wrapper = join(prefix, 'mail', 'mailman');
  const settings = join(prefix, 'Mailman', 'mm_cfg.py');
  const master = join(varDir, 'data', 'master-qrunner.pid');
  for (const list of lists) {
    const path = join(varDir, 'lists', list);
    rmSync(path, { recursive: true, force: true });
    cpSync(join(site, 'lists', list), path, { recursive: true });
    giveTo(path, statSync(join(varDir, 'lists')));
  }
  const run: Mailman2['run'] = (command, parameters, input = '') => {
    const { status, stdout, stderr } = spawnSync(join(binDir, command), [...parameters], {
      ...{ encoding: 'utf8', input },
    });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout;
  };
  let before: string | undefined;
  return {
    varDir,
    binDir,
    wrapper,
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
    start: (smtpPort) => {
      before = readFileSync(settings, 'utf8');
      writeFileSync(settings, `${before}\nSMTPHOST = '127.0.0.1'\nSMTPPORT = ${smtpPort}\n`);
      run('mailmanctl', ['-s', 'start']);
    },
    stop: async () => {
      if (before === undefined) return;
      writeFileSync(settings, before);
      before = undefined;
      if (!existsSync(master)) return;
      run('mailmanctl', ['stop']);
      const end = Date.now() + STOP_LIMIT_MS;
      while (existsSync(master)) {
        if (Date.now() > end) throw new Error(`Mailman 2 does not stop: ${master} stays`);
        await sleep(20);
      }
    },
  };
}

/** Its account, whoever that is, has to write there. */
function giveTo(path: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  chownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(join(path, name), { uid, gid });
}
