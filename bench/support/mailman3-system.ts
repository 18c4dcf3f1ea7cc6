import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { freePort } from '../../test/peers/throwaway.ts';
import {
  type BenchList,
  cpuSeconds,
  groupMembers,
  type MailSystem,
  proportionalSetSize,
  untilGreeting,
} from './mail-system.ts';

/** Where Debian's package has its programs. */
const PROGRAMS = '/usr/lib/mailman3/bin';

/** The account that it runs under; it refuses to be root. */
const ACCOUNT = 'list';

/** How long an orderly stop may take. */
const STOP_LIMIT_MS = 60_000;

/** Debian's Mailman 3, with the settings that it has by itself, its embedded database, and all its processes. */
export async function mailman3System(folder: string, sinkPort: number): Promise<MailSystem> {
  const [lmtpPort, restPort] = [await freePort(), await freePort()];
  const file = join(folder, 'mailman.cfg');
  const identity = accountIds();
  mkdirSync(folder, { recursive: true });
  if (identity) chownSync(folder, identity.uid, identity.gid);
  const write = (mta: readonly string[]): void => {
    writeFileSync(file, configuration(folder, { lmtpPort, restPort, sinkPort }, mta));
  };
  return {
    name: 'Mailman 3',
    create: (lists) => {
      write([]);
      for (const { name } of lists) {
        const { status, stderr } = spawnSync(
          join(PROGRAMS, 'mailman'),
          ['-C', file, 'create', `${name}@example.com`],
          { ...identity, cwd: folder, encoding: 'utf8' },
        );
        if (status !== 0) throw new Error(`Mailman 3 does not make a list: ${stderr}`);
      }
      fill(join(folder, 'var/data/mailman.db'), lists);
    },
    start: async (mta = []) => {
      write(mta);
      const start = performance.now();
      // After a kill -9 it does not start otherwise.
      const child = spawn(join(PROGRAMS, 'master'), ['-C', file, '--force'], {
        ...identity,
        cwd: folder,
        detached: true,
        stdio: 'ignore',
      });
      const group = child.pid ?? 0;
      const kill = (): void => killGroup(group);
      process.on('exit', kill);
      await untilGreeting(lmtpPort, () => child.exitCode !== null);
      const sum = (of: (pid: number) => number): number =>
        groupMembers(group).reduce((total, pid) => total + of(pid), 0);
      return {
        lmtpPort,
        restPort,
        readySeconds: (performance.now() - start) / 1000,
        memory: () => sum(proportionalSetSize),
        cpu: () => sum(cpuSeconds),
        end: async (signal) => {
          if (signal === 'SIGKILL') kill();
          else child.kill(signal);
          const limit = performance.now() + STOP_LIMIT_MS;
          while (groupMembers(group).length > 0 && performance.now() < limit) await sleep(20);
          kill();
          process.off('exit', kill);
        },
      };
    },
  };
}

function configuration(
  folder: string,
  ports: { readonly lmtpPort: number; readonly restPort: number; readonly sinkPort: number },
  mta: readonly string[],
): string {
  return [
    '[mailman]',
    'layout: bench',
    '[paths.bench]',
    `var_dir: ${folder}/var`,
    `bin_dir: ${PROGRAMS}`,
    '[webservice]',
    `port: ${ports.restPort}`,
    '[mta]',
    'incoming: mailman.mta.null.NullMTA',
    'smtp_host: 127.0.0.1',
    `smtp_port: ${ports.sinkPort}`,
    `lmtp_port: ${ports.lmtpPort}`,
    ...mta,
    '',
  ].join('\n');
}

/** Adds members as its own command does, which would take minutes for the long lists. */
function fill(file: string, lists: readonly BenchList[]): void {
  const database = new Database(file, { fileMustExist: true });
  const now = new Date().toISOString().replace('T', ' ').replace('Z', '000');
  const uuid = (): string => randomUUID().replaceAll('-', '');
  const preferences = database.prepare(
    'INSERT INTO preferences (delivery_mode, delivery_status) VALUES (?, ?)',
  );
  const newUser = database.prepare(
    "INSERT INTO user (display_name, _user_id, _created_on, is_server_owner, preferences_id) VALUES ('', ?, ?, 0, ?)",
  );
  const newAddress = database.prepare(
    "INSERT INTO address (email, display_name, verified_on, registered_on, user_id, preferences_id) VALUES (?, '', ?, ?, ?, ?)",
  );
  const newMember = database.prepare(
    `INSERT INTO member (_member_id, role, list_id, address_id, preferences_id, bounce_score, last_warning_sent, total_warnings_sent)
     VALUES (?, 1, ?, ?, ?, 0, '0001-01-01 00:00:00.000000', 0)`,
  );
  const most = Math.max(...lists.map(({ members }) => members));
  try {
    database.transaction(() => {
      const addresses = Array.from({ length: most }, (_, index) => {
        const user = newUser.run(uuid(), now, preferences.run(null, null).lastInsertRowid);
        const own = preferences.run(null, null).lastInsertRowid;
        return newAddress.run(`member${index}@example.org`, now, now, user.lastInsertRowid, own)
          .lastInsertRowid;
      });
      for (const { name, members, isPersonalized } of lists) {
        const listId = `${name}.example.com`;
        for (const address of addresses.slice(0, members)) {
          newMember.run(uuid(), listId, address, preferences.run(1, 1).lastInsertRowid);
        }
        const personalize = isPersonalized ? 1 : 0;
        database.prepare('UPDATE mailinglist SET personalize = ? WHERE list_id = ?').run(personalize, listId);
      }
    })();
  } finally {
    database.close();
  }
}

/** Undefined where this process is not allowed to become somebody else. */
function accountIds(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${ACCOUNT}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
