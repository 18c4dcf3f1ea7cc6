import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  answers,
  countFiles,
  type MailServer,
  type MailServerSettings,
  maildirFiles,
  NOBODY,
  PEOPLE,
  readLog,
} from './mail-server.ts';
import { findProgram, MissingPeerError, makeThrowaway } from './throwaway.ts';

const RESTART_LIMIT_MS = 120_000;

const FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/**
 * Services of master.cf, none in a chroot: type, whether private, whether unprivileged, wake-up, processes, command. The
 * queue manager wakes up each second, not each 300: it looks only then for mails that it passed over because a process
 * that was killed, or ends slowly, still had them in hand.
 */
const SERVICES = [
  'pickup unix n - n 1 1 pickup',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 1 1 qmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'verify unix - - n - 1 verify',
  'flush unix n - n 1000? 0 flush',
  'proxymap unix - - n - - proxymap',
  'smtp unix - - n - - smtp',
  'relay unix - - n - - smtp',
  'showq unix n - n - - showq',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'local unix - n n - - local',
  'virtual unix - n n - - virtual',
  'lmtp unix - - n - - lmtp',
  'anvil unix - - n - 1 anvil',
  'scache unix - - n - 1 scache',
  'postlog unix-dgram n - n - 1 postlogd',
];

/** Its master leaves the group of processes that gets the signal. */
const RUN = `
"$0" -c "$1" start || exit
trap 'kill "$(head -n 1 "$2/pid/master.pid")"; exit' TERM
sleep infinity & wait
`;

/** A throw-away Postfix. */
export interface Postfix extends MailServer {
  /** Where main.cf is; its commands take it behind `-c`. */
  readonly configFolder: string;
  /** Mails that it has in hand, as it lists them; unfinished ones of killed processes are left out. */
  waiting(): string[];
  /** Ends all its processes as a power failure does. */
  kill(): void;
  /** Starts it again in the same folder. */
  restart(): Promise<void>;
}

/** Starts a Postfix of its own, as root. What its settings say about main.cf wins. @throws MissingPeerError */
export async function startPostfix(settings: MailServerSettings): Promise<Postfix> {
  const postfix = findProgram('postfix', FOLDERS);
  const throwaway = makeThrowaway('root', 'TERM');
  const { folder } = throwaway;
  // Its processes run under an account of their own.
  chmodSync(folder, 0o755);
  const folders = { config: join(folder, 'etc'), queue: join(folder, 'queue'), mail: join(folder, 'mail') };
  for (const path of [...Object.values(folders), join(folder, 'data')]) mkdirSync(path);
  chownSync(folders.mail, NOBODY, NOBODY);
  const owner = idOf('passwd', 'postfix');
  chownSync(join(folder, 'data'), owner, owner);
  const services = [`127.0.0.1:${settings.port} inet n - n - - smtpd`, ...SERVICES, ''];
  writeOldFile(join(folders.config, 'master.cf'), services.join('\n'));
  writeOldFile(join(folders.config, 'main.cf'), mainCf(folder, settings));
  await throwaway.start([['bash', '-c', RUN, postfix, folders.config, folders.queue]], () =>
    answers(settings.port),
  );
  return {
    configFolder: folders.config,
    mailbox: (localPart) => maildirFiles(join(folders.mail, localPart)),
    queued: () =>
      ['maildrop', 'incoming', 'active', 'deferred'].reduce(
        (total, queue) => total + countFiles(join(folders.queue, queue)),
        0,
      ),
    waiting: () => {
      const queue = findProgram('postqueue', FOLDERS);
      const { stdout } = spawnSync(queue, ['-c', folders.config, '-j'], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      return stdout.split('\n').filter((line) => line !== '');
    },
    kill: () => {
      // It begins no more of them meanwhile.
      const master = Number(readFileSync(join(folders.queue, 'pid', 'master.pid'), 'utf8'));
      process.kill(master, 'SIGSTOP');
      for (const pid of [...childrenOf(master), master]) killHard(pid);
    },
    restart: async () => {
      const { stderr } = spawnSync(postfix, ['-c', folders.config, 'start'], { encoding: 'utf8' });
      const end = Date.now() + RESTART_LIMIT_MS;
      while (!(await answers(settings.port))) {
        if (Date.now() > end) throw new Error(`Postfix does not start again: ${stderr}`);
        await sleep(20);
      }
    },
    log: () => readLog(join(folder, 'mail.log')),
    stop: () => throwaway.stop(),
  };
}

/**
 * Why no Postfix can be started here; undefined where one can.
 * @param tables a type of tables that it must know, such as `lmdb`, which Debian has in a package of its own
 */
export function missingPostfix(tables?: string): string | undefined {
  try {
    findProgram('postfix', FOLDERS);
  } catch (error) {
    return (error as Error).message;
  }
  if (process.getuid?.() !== 0) return 'Postfix can only be started by root';
  if (tables === undefined) return undefined;
  const { stdout } = spawnSync(findProgram('postconf', FOLDERS), ['-m'], { encoding: 'utf8' });
  return stdout.split('\n').includes(tables) ? undefined : `this Postfix has no ${tables} tables`;
}

function mainCf(folder: string, { configuration, mailboxes, routes = {} }: MailServerSettings): string {
  const writeTable = (name: string, lines: readonly string[]): string => {
    writeOldFile(join(folder, name), `${lines.join('\n')}\n`);
    return `texthash:${join(folder, name)}`;
  };
  const boxes = writeTable(
    'mailboxes',
    mailboxes.map((localPart) => `${localPart}@${PEOPLE} ${localPart}/`),
  );
  const routed = Object.entries(routes).map(([domain, port]) => `${domain} smtp:[127.0.0.1]:${port}`);
  const routing = `transport_maps = ${writeTable('routes', routed)} `;
  const base = `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
myhostname = mx.example.net
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtp_host_lookup = native
smtputf8_enable = yes
alias_maps =
alias_database =
biff = no
virtual_mailbox_domains = ${PEOPLE}
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = ${boxes}
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
`;
  // Postfix warns about what is set twice.
  const given = new Set(configuration.match(/^\w+(?= =)/gm));
  const kept = base.split('\n').filter((line) => !given.has(line.split(' ')[0] ?? ''));
  return [...kept, configuration.replace(/^transport_maps = /m, () => routing)].join('\n');
}

/** Postfix waits for two seconds to see whether a fresh file changes again. */
function writeOldFile(path: string, text: string): void {
  writeFileSync(path, text);
  utimesSync(path, 0, 0);
}

/** The number of an account or group. @throws MissingPeerError */
function idOf(database: 'passwd' | 'group', name: string): number {
  const { stdout } = spawnSync('getent', [database, name], { encoding: 'utf8' });
  if (!stdout) throw new MissingPeerError(`${database} has no ${name}`);
  return Number(stdout.split(':')[2]);
}

/** The processes that a process has started. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** One that has ended meanwhile is no trouble. */
function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
