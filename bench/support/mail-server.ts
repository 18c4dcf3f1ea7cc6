import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Of /proc, in a second. */
const CLOCK_TICKS = 100;

/** A Ferryman that takes mail by LMTP and sends it to a sink. */
export interface MailServer {
  readonly lmtpPort: number;
  /** From the start of the process until LMTP answers. */
  readonly readySeconds: number;
  /** Proportional set size of all its processes. */
  memory(): number;
  /** What the processors have worked for it so far, in seconds. */
  cpu(): number;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface MailServerSettings {
  /** Where `bin` and `dist` are. */
  readonly program: string;
  readonly folder: string;
  readonly sinkPort: number;
  readonly lmtpPort: number;
  /** Further text of mailman.cfg. */
  readonly config?: string;
  readonly databaseUrl?: string;
}

/** Writes the configuration. @returns its path */
export function configure({ folder, sinkPort, lmtpPort, config, databaseUrl }: MailServerSettings): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'mailman.cfg');
  writeFileSync(
    file,
    [
      '[mailman]',
      'layout: bench',
      '[paths.bench]',
      `var_dir: ${folder}/var`,
      ...(databaseUrl ? ['[database]', `url: ${databaseUrl}`] : []),
      '[mta]',
      'incoming: null',
      `lmtp_port: ${lmtpPort}`,
      'smtp_host: 127.0.0.1',
      `smtp_port: ${sinkPort}`,
      config ?? '',
    ].join('\n'),
  );
  return file;
}

/** Runs a command of `mailman` with this configuration. */
export function mailman(program: string, file: string, argv: readonly string[], input = ''): string {
  return execFileSync(join(program, 'bin/mailman'), ['-C', file, ...argv], { input, encoding: 'utf8' });
}

/** Starts `master` and waits until it takes mail. */
export async function startMailServer(program: string, file: string, lmtpPort: number): Promise<MailServer> {
  const start = performance.now();
  const child = spawn(join(program, 'bin/master'), ['-C', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  await untilListening(child, lmtpPort);
  return {
    lmtpPort,
    readySeconds: (performance.now() - start) / 1000,
    memory: () => proportionalSetSize(child.pid ?? 0),
    cpu: () => cpuSeconds(child.pid ?? 0),
    kill: async (signal) => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await ended;
    },
  };
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function proportionalSetSize(pid: number): number {
  const kilobytes = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1').match(/^Pss:\s+(\d+)/m)?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function cpuSeconds(pid: number): number {
  const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}
