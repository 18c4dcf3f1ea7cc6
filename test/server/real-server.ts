import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import type { Connection } from '../../src/database/handle.ts';
import { createList } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import { freePort } from '../peers/throwaway.ts';
import { hear } from '../support/hear.ts';
import { defaultConfig } from '../support/services.ts';

/** The program that `bin/master` runs. */
export const MASTER = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));

/** What bin/master tells the engine about memory; it also has the C library give back large pieces. */
const FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=50'];

/** A server as administrators have it, in a process and a folder of its own. */
export interface RealServer {
  readonly folder: string;
  readonly configFile: string;
  readonly lmtpPort: number;
  readonly metricsPort: number;
  /** Starts it and waits until it takes mail. @returns milliseconds until then */
  start(): Promise<number>;
  /** Sends a signal and waits for the end, where it is one that ends. @returns the exit status */
  signal(signal: NodeJS.Signals): Promise<number | null>;
  /** A signal that does not end it. */
  poke(signal: NodeJS.Signals): void;
  /** Changes the database while the server is not running, or beside it. */
  change(work: (connection: Connection) => Promise<void>): Promise<void>;
  log(name: string): string;
}

const ends: (() => void)[] = [];

afterAll(() => {
  for (const end of ends.splice(0)) end();
});

/** @param settings further text of mailman.cfg, beginning in the section [mta] */
export async function makeServer(smtpPort: number, settings = '', databaseUrl?: string): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-server-'));
  const [lmtpPort, metricsPort] = [await freePort(), await freePort()];
  const configFile = join(folder, 'mailman.cfg');
  const url = databaseUrl ?? `sqlite:///${folder}/var/data/mailman.db`;
  writeFileSync(
    configFile,
    `[mailman]\nlayout: test\n[paths.test]\nvar_dir: ${folder}/var\n[database]\nurl: ${url}\n` +
      `[web]\nport: 0\n[webservice]\nport: 0\n[metrics]\nenabled: yes\nport: ${metricsPort}\n` +
      `[mta]\nincoming: null\nlmtp_port: ${lmtpPort}\nsmtp_host: 127.0.0.1\nsmtp_port: ${smtpPort}\n${settings}\n`,
  );
  let child: ChildProcess | undefined;
  ends.push(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    configFile,
    lmtpPort,
    metricsPort,
    start: async () => {
      const start = performance.now();
      child = spawn(process.execPath, [...FLAGS, MASTER, '-C', configFile], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, MALLOC_MMAP_THRESHOLD_: '1000000', MALLOC_ARENA_MAX: '1' },
      });
      const said = hear(child);
      while (!(await answers(lmtpPort))) {
        if (child.exitCode !== null)
          throw new Error(`The server has ended with ${child.exitCode}: ${said()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return performance.now() - start;
    },
    signal: async (signal) => {
      const ended = new Promise<number | null>((resolve) => child?.once('exit', (code) => resolve(code)));
      child?.kill(signal);
      return ended;
    },
    poke: (signal) => {
      child?.kill(signal);
    },
    change: async (work) => {
      const database = await openDatabase(url);
      try {
        await database.transaction(work);
      } finally {
        await database.close();
      }
    },
    log: (name) => readFileSync(join(folder, 'var/logs', name), 'utf8'),
  };
}

/** A list whose members are `member0@example.org` and so on. */
export async function makeCrowd(connection: Connection, address: string, size: number): Promise<void> {
  const list = await createList(
    connection,
    { address, style: 'legacy-default', language: 'en', owners: [], createDomain: true },
    listRules(defaultConfig()),
  );
  const members = Array.from({ length: size }, (_, index) => ({
    address: `member${index}@example.org`,
    displayName: '',
  }));
  await subscribe(connection, list, members, { role: 'member', verified: true });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}
