import { type ChildProcess, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that the tests need is not installed. */
export class MissingPeerError extends Error {
  override name = 'MissingPeerError';
}

/** A server in a temporary folder, both of which go away with the process that started them. */
export interface Throwaway {
  readonly folder: string;
  /**
   * Runs commands one after the other, as the account.
   * @param commands the last one is the server
   */
  start(commands: readonly (readonly string[])[], isReady: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/**
 * Runs in a shell beside the server. Its standard input ends when the tests end, however they do, and then the server
 * goes with all its processes, and the folder too.
 */
const KEEPER = `
set -m
folder=$1 signal=$2 commands=$3
exec 3<&0
bash -c "$commands" </dev/null 3<&- >"$folder/log" 2>&1 &
server=$!
{ cat <&3 >/dev/null; kill -"$signal" -- -"$server"; } &
waiter=$!
wait "$server"
kill -- -"$waiter" 2>/dev/null
cd / && rm -rf "$folder"
`;

/**
 * Makes a temporary folder for a server that refuses to run as root.
 * @param account whose process it becomes where the tests run as root
 * @param signal ends it at once, with all its processes
 */
export function makeThrowaway(account: string, signal: 'QUIT' | 'KILL' | 'TERM'): Throwaway {
  const identity = process.getuid?.() === 0 ? accountIds(account) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-peer-'));
  if (identity) chownSync(folder, identity.uid, identity.gid);
  let keeper: ChildProcess | undefined;
  return {
    folder,
    start: async (commands, isReady) => {
      const lines = commands.map((words) => words.map(quote).join(' '));
      const script = [...lines.slice(0, -1), `exec ${lines.at(-1)}`].join(' && ');
      keeper = spawn('bash', ['-c', KEEPER, 'keeper', folder, signal, script], {
        cwd: folder,
        stdio: ['pipe', 'ignore', 'ignore'],
        ...identity,
      });
      await waitUntilReady(keeper, folder, isReady);
    },
    stop: async () => {
      if (!keeper || keeper.exitCode !== null) return;
      const ended = new Promise((resolve) => keeper?.once('exit', resolve));
      keeper.stdin?.end();
      await ended;
    },
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Ports below those that the system gives to clients, with some for each of vitest's processes. */
const FIRST_PORT = 10_000;
const PORTS_PER_PROCESS = 1000;
let nextPort = process.pid;

/** Who has got which port: tests of several trees may run on one machine. */
const RESERVED = join(tmpdir(), 'ferryman-test-ports');
const reserved: string[] = [];

/** A port of 127.0.0.1 that nobody listens on, and that no other test gets as long as this process lives. */
export async function freePort(): Promise<number> {
  const first = FIRST_PORT + (Number(process.env.VITEST_POOL_ID ?? 0) % 20) * PORTS_PER_PROCESS;
  for (;;) {
    nextPort += 1;
    const port = first + (nextPort % PORTS_PER_PROCESS);
    if (reserve(port) && (await isFree(port))) return port;
  }
}

/** False where a process that lives has it. */
function reserve(port: number): boolean {
  const file = join(RESERVED, String(port));
  mkdirSync(RESERVED, { recursive: true, mode: 0o777 });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch {
    if (isHeld(file)) return false;
    rmSync(file, { force: true });
    return reserve(port);
  }
  if (reserved.length === 0) process.once('exit', giveBack);
  reserved.push(file);
  return true;
}

function giveBack(): void {
  for (const file of reserved) rmSync(file, { force: true });
}

function isHeld(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    // It may just have been made, and not be written to yet.
    if (!Number.isInteger(holder) || holder <= 0) return true;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether nobody listens on a port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * The path of a program.
 * @param folders where to look, the first wins; a `*` stands for the newest version
 * @throws MissingPeerError
 */
export function findProgram(name: string, folders: readonly string[]): string {
  for (const folder of folders.flatMap(expandVersions)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  throw new MissingPeerError(`${name} is not installed`);
}

function expandVersions(folder: string): string[] {
  const [parent = '', rest = ''] = folder.split('*');
  if (!folder.includes('*')) return [folder];
  if (!existsSync(parent)) return [];
  const versions = readdirSync(parent).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(parent, version, rest));
}

function accountIds(account: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${account}:`));
  if (!line) throw new MissingPeerError(`the account ${account} is missing`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function waitUntilReady(
  keeper: ChildProcess,
  folder: string,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  while (keeper.exitCode === null && Date.now() < limit) {
    if (await isReady()) return;
    await sleep(50);
  }
  const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').slice(-2000) : '';
  keeper.stdin?.end();
  throw new Error(`The server in ${folder} did not start: ${log}`);
}
