import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { freePort } from '../../test/peers/throwaway.ts';
import { cpuSeconds, type MailSystem, proportionalSetSize, untilGreeting } from './mail-system.ts';
import { limitShare } from './processor-share.ts';

export interface FerrymanSettings {
  /** Where `bin` and `dist` are. */
  readonly program: string;
  readonly folder: string;
  readonly sinkPort: number;
  /** Instead of SQLite in the folder. */
  readonly databaseUrl?: string;
  /** The part of a processor that the server may use; all of them otherwise. */
  readonly share?: number;
}

/** A Ferryman of its own. */
export async function ferrymanSystem(settings: FerrymanSettings): Promise<MailSystem> {
  const { program, folder, share } = settings;
  const [lmtpPort, restPort] = [await freePort(), await freePort()];
  const file = join(folder, 'mailman.cfg');
  const write = (mta: readonly string[]): void =>
    writeFileSync(file, configuration(settings, { lmtpPort, restPort }, mta));
  mkdirSync(folder, { recursive: true });
  const mailman = (argv: readonly string[], input = ''): void => {
    execFileSync(join(program, 'bin/mailman'), ['-C', file, ...argv], { input });
  };
  return {
    name: 'Ferryman',
    create: (lists) => {
      write([]);
      for (const { name, members, isPersonalized } of lists) {
        const address = `${name}@example.com`;
        mailman(['create', '-q', address]);
        const addresses = Array.from({ length: members }, (_, index) => `member${index}@example.org`);
        mailman(['addmembers', '-W', '-', address], addresses.join('\n'));
        if (isPersonalized) personalize(join(folder, 'var/data/mailman.db'), name);
      }
    },
    start: async (mta = []) => {
      write(mta);
      const start = performance.now();
      const child = spawn(join(program, 'bin/master'), ['-C', file], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const kill = (): void => void child.kill('SIGKILL');
      process.on('exit', kill);
      await untilGreeting(lmtpPort, () => child.exitCode !== null);
      const pid = child.pid ?? 0;
      const removeLimit = share === undefined ? undefined : limitShare(pid, share);
      return {
        lmtpPort,
        restPort,
        readySeconds: (performance.now() - start) / 1000,
        memory: () => proportionalSetSize(pid),
        cpu: () => cpuSeconds(pid),
        end: async (signal) => {
          child.kill(signal);
          await ended;
          removeLimit?.();
          process.off('exit', kill);
        },
      };
    },
  };
}

function configuration(
  { folder, sinkPort, databaseUrl }: FerrymanSettings,
  { lmtpPort, restPort }: { readonly lmtpPort: number; readonly restPort: number },
  mta: readonly string[],
): string {
  return [
    '[mailman]',
    'layout: bench',
    '[paths.bench]',
    `var_dir: ${folder}/var`,
    // What is between the signs of a substitution is doubled: a `$` in a password.
    ...(databaseUrl ? ['[database]', `url: ${databaseUrl.replaceAll('$', '$$$$')}`] : []),
    '[webservice]',
    `port: ${restPort}`,
    '[web]',
    'enabled: no',
    '[mta]',
    'incoming: null',
    'smtp_host: 127.0.0.1',
    `smtp_port: ${sinkPort}`,
    `lmtp_port: ${lmtpPort}`,
    ...mta,
    '',
  ].join('\n');
}

/** As long as there is no command that changes settings. */
function personalize(file: string, listName: string): void {
  const database = new Database(file, { fileMustExist: true });
  try {
    database
      .prepare(
        "UPDATE mailing_list SET settings = json_set(settings, '$.personalize', 'individual') WHERE list_name = ?",
      )
      .run(listName);
  } finally {
    database.close();
  }
}
