import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { makeThrowaway } from './throwaway.ts';

/** An Exim that is not installed, because Debian lets it not be beside Postfix, and whose account does not exist. */
export interface UnpackedExim {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/** The parts of a configuration, which Debian puts together from files. */
export interface EximConfiguration {
  /** Its own beside that of the people, as `dc_other_hostnames` has them: with semicolons between them. */
  readonly domains: string;
  readonly main: string;
  /** Statements of acl_check_rcpt, before it accepts. */
  readonly acl: string;
  readonly router: string;
  readonly transport: string;
}

/** With what Exim needs; the last lets it find an account that /etc/passwd does not have. */
const PACKAGES = ['exim4-base', 'exim4-daemon-light', 'libidn12', 'libnss-wrapper'];

const ACCOUNT = 'Debian-exim';

/** Exim starts itself anew for each delivery, and would leave these out. */
const ENVIRONMENT = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'NSS_WRAPPER_PASSWD', 'NSS_WRAPPER_GROUP'];

/** Who it is then, and who owns the mailboxes: nobody, or who runs the tests. */
const [uid, gid] =
  process.getuid?.() === 0 ? [NOBODY, NOBODY] : [process.getuid?.() ?? 0, process.getgid?.() ?? 0];

/** Fetches Debian's Exim and unpacks it into a temporary folder. @returns why there is none where that fails */
export function unpackExim(): UnpackedExim | { readonly missing: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-exim-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  chmodSync(folder, 0o755);
  const fetch = `apt-get download -q ${PACKAGES.join(' ')}`;
  const script = `${fetch} || { apt-get update -q && ${fetch}; } && for file in *.deb; do dpkg -x "$file" root || exit; done`;
  const { status, stderr, error } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) {
    remove();
    return { missing: `Exim cannot be fetched: ${error?.message ?? stderr.trim().split('\n').at(-1)}` };
  }
  const program = join(folder, 'root/usr/sbin/exim4');
  // With more rights than its caller it would load none of the libraries from here.
  chmodSync(program, 0o755);
  const libraries = join(folder, 'root/usr/lib', libraryFolder(folder));
  const account = (file: string, line: string): string => {
    writeFileSync(join(folder, file), `${readFileSync(join('/etc', file), 'utf8')}${line}\n`);
    return join(folder, file);
  };
  return {
    program,
    environment: {
      LD_LIBRARY_PATH: libraries,
      LD_PRELOAD: join(libraries, 'libnss_wrapper.so'),
      NSS_WRAPPER_PASSWD: account('passwd', `${ACCOUNT}:x:${uid}:${gid}::/:/bin/false`),
      NSS_WRAPPER_GROUP: account('group', `${ACCOUNT}:x:${gid}:`),
    },
    remove,
  };
}

/** Debian has a folder for each kind of machine, such as `x86_64-linux-gnu`. */
function libraryFolder(folder: string): string {
  const { stdout } = spawnSync('sh', ['-c', 'cd root/usr/lib && ls -d *-linux-gnu*'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout.trim();
}

/** Starts an Exim of its own, without any rights beyond its folder. */
export async function startExim(
  { program, environment }: UnpackedExim,
  parts: EximConfiguration,
  { port, mailboxes }: MailServerSettings,
): Promise<MailServer> {
  const throwaway = makeThrowaway('nobody', 'TERM');
  const { folder } = throwaway;
  chmodSync(folder, 0o755);
  for (const name of ['spool', 'logs', 'mail']) {
    mkdirSync(join(folder, name));
    chownSync(join(folder, name), uid, gid);
  }
  const file = join(folder, 'exim.conf');
  writeFileSync(file, configuration(folder, program, parts, mailboxes));
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const command = [
    'env',
    ...variables,
    program,
    '-C',
    file,
    '-bdf',
    '-oX',
    `127.0.0.1.${port}`,
    '-oP',
    join(folder, 'pid'),
  ];
  await throwaway.start([command], () => answers(port));
  return {
    mailbox: (localPart) => maildirFiles(join(folder, 'mail', localPart)),
    queued: () => countFiles(join(folder, 'spool/input'), /-H$/),
    log: () => readLog(join(folder, 'logs/mainlog')) + readLog(join(folder, 'logs/paniclog')),
    stop: async () => {
      await throwaway.stop();
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(
  folder: string,
  program: string,
  { domains, main, acl, router, transport }: EximConfiguration,
  mailboxes: readonly string[],
): string {
  return `
exim_path = ${program}
tls_advertise_hosts =
deliver_drop_privilege = true
keep_environment = ${ENVIRONMENT.join(' : ')}
spool_directory = ${folder}/spool
log_file_path = ${folder}/logs/%slog
pid_file_path = ${folder}/pid
primary_hostname = mx.example.net
hostlist relay_from_hosts = 127.0.0.1
host_lookup =
rfc1413_hosts =
smtputf8_advertise_hosts = *
never_users =
allow_mx_to_ip
disable_ipv6 = true
smtp_accept_max = 100
queue_run_max = 5
acl_smtp_rcpt = acl_check_rcpt
domainlist local_domains = ${[PEOPLE, ...domains.split(';')].join(' : ')}
${main}
begin acl
acl_check_rcpt:
${acl}
  require verify = recipient
  accept hosts = +relay_from_hosts

begin routers
elsewhere:
  driver = dnslookup
  domains = ! +local_domains
  transport = remote
  no_more
${router}
people:
  driver = accept
  domains = ${PEOPLE}
  local_parts = ${mailboxes.join(' : ')}
  transport = maildir

begin transports
remote:
  driver = smtp
${transport}
maildir:
  driver = appendfile
  directory = ${folder}/mail/\${local_part_data}
  maildir_format
  create_directory
  envelope_to_add
  return_path_add

begin retry
* * F,2h,15m
`;
}
