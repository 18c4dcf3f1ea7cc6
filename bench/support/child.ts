import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a finished process took. */
export interface Usage {
  readonly seconds: number;
  /** Of all processors together, which a busy machine prolongs less than the time on the clock. */
  readonly cpuSeconds: number;
  /** The most memory that it, or a process that it waited for, had at once. */
  readonly peakBytes: number;
  readonly stdout: string;
}

/** Node does not report the peak memory of a child, so Python waits for it; it costs both sides the same. */
const STOPWATCH = `
import os, signal, sys, threading, time
out = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
start = time.perf_counter()
actions = [(os.POSIX_SPAWN_DUP2, out, 1)]
child = os.posix_spawn(sys.argv[4], sys.argv[4:], os.environ, file_actions=actions, setpgroup=0)
limit = float(sys.argv[3])
if limit > 0:
    timer = threading.Timer(limit, os.killpg, (child, signal.SIGKILL))
    timer.daemon = True
    timer.start()
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
with open(sys.argv[1], 'w') as report:
    report.write('%f %f %d' % (seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss))
code = os.waitstatus_to_exitcode(status)
sys.exit(0 if limit > 0 and code == -signal.SIGKILL else code)
`;

/** Mailman 3 needs 150 s for its longest step on a slow machine. */
const LIMIT_MS = 20 * 60_000;

/**
 * Runs a program to its end.
 * @param folder for the stopwatch's own files
 * @param killAfter seconds after which it is killed, which is no failure then
 * @throws Error with the end of its stderr, where it fails
 */
export function measure(
  folder: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
  killAfter = 0,
): Usage {
  const report = join(folder, 'stopwatch.tmp');
  const output = join(folder, 'stdout.tmp');
  const { status, stderr } = spawnSync(
    'python3',
    ['-c', STOPWATCH, report, output, String(killAfter), ...command],
    {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'inherit', 'pipe'],
      timeout: LIMIT_MS,
    },
  );
  if (status !== 0) throw new Error(`${command.join(' ')} failed (${status}): ${stderr.slice(-2000)}`);
  const [seconds, cpuSeconds, kilobytes] = readFileSync(report, 'utf8').split(' ').map(Number);
  return {
    seconds: seconds ?? 0,
    cpuSeconds: cpuSeconds ?? 0,
    peakBytes: (kilobytes ?? 0) * 1024,
    stdout: readFileSync(output, 'utf8'),
  };
}

/** The middle of several runs, of each quantity by itself. */
export function median(runs: readonly Usage[]): Usage {
  const middle = (numbers: number[]) => numbers.sort((one, other) => one - other)[numbers.length >> 1] ?? 0;
  return {
    seconds: middle(runs.map(({ seconds }) => seconds)),
    cpuSeconds: middle(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peakBytes: middle(runs.map(({ peakBytes }) => peakBytes)),
    stdout: runs[0]?.stdout ?? '',
  };
}
