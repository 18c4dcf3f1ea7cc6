import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A list server with its own files, which can be started with different settings. */
export interface MailSystem {
  readonly name: string;
  /** Makes lists; their members are member0@example.org and so on. The server must not be running. */
  create(lists: readonly BenchList[]): void;
  /** @param settings further lines of the section `[mta]` */
  start(settings?: readonly string[]): Promise<MailServer>;
}

/** A list to measure with. */
export interface BenchList {
  /** Of example.com. */
  readonly name: string;
  readonly members: number;
  /** Whether every member gets a copy of his own. */
  readonly isPersonalized?: boolean;
}

/** One that takes mail by LMTP and sends it to a sink. */
export interface MailServer {
  readonly lmtpPort: number;
  readonly restPort: number;
  /** From the start of the process until LMTP answers. */
  readonly readySeconds: number;
  /** Proportional set size of all its processes. */
  memory(): number;
  /** What the processors have worked for it so far, in seconds; without processes that have ended. */
  cpu(): number;
  /** Stops it orderly, or kills all its processes at once. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** How long a server may take to start. */
const START_LIMIT_MS = 60_000;

/** Of /proc, in a second. */
const CLOCK_TICKS = 100;

/** Waits until a server greets. @throws Error where it does not, or ends */
export async function untilGreeting(port: number, hasEnded: () => boolean): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  while (performance.now() < limit) {
    if (hasEnded()) throw new Error('The server has ended');
    const hasGreeted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
    });
    if (hasGreeted) return;
    await sleep(5);
  }
  throw new Error('The server does not answer');
}

/** The processes of a group, without those that have ended and that nobody has asked about. */
export function groupMembers(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [state, , groupOfIt] = statusFields(pid);
      return groupOfIt === String(group) && state !== 'Z';
    });
}

/** What a process has of the memory, in bytes; shared pages count by their share. */
export function proportionalSetSize(pid: number): number {
  const rollup = readProc(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
}

export function cpuSeconds(pid: number): number {
  const fields = statusFields(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / CLOCK_TICKS;
}

/** The same of a server with processes of its own (PostgreSQL), those that have ended included. */
export function treeCpuSeconds(pid: number): number {
  const reaped = statusFields(pid);
  const children = readProc(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  const ended = (Number(reaped[13] ?? 0) + Number(reaped[14] ?? 0)) / CLOCK_TICKS;
  return children.reduce((sum, child) => sum + cpuSeconds(child), cpuSeconds(pid) + ended);
}

/** From the state of the process on. */
function statusFields(pid: number): string[] {
  const status = readProc(`/proc/${pid}/stat`);
  return status.slice(status.lastIndexOf(')') + 2).split(' ');
}

/** Processes may end at any time. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
