import { ensureDirectories } from '../config/directories.ts';
import type { Config } from '../config/index.ts';
import { checkServerFiles } from '../config/reachable.ts';
import type { Log } from '../queue/step.ts';
import { openLogs } from './logs.ts';
import { takeMasterLock } from './master-lock.ts';
import { type RunningServer, startServer } from './server.ts';
import { notifySystemd } from './systemd.ts';

/** How long a stop may take before the process ends anyway, in milliseconds; what was under way is repeated then. */
const STOP_LIMIT = 30_000;

export interface MasterOptions {
  /** Also takes over the lock of another host. */
  readonly force: boolean;
  /** Reads the configuration; again for a restart. */
  readonly load: () => Config;
  /** Called once, when mail is taken. */
  readonly onReady: () => void;
}

/**
 * Runs a server in this process until SIGTERM or SIGINT. SIGUSR1 stops it and starts it again with the configuration as
 * it is then, or with the one that it had where that cannot be used; SIGHUP makes it reopen its logs.
 * @returns the exit status
 * @throws MasterLockError, DatabaseError, ConfigError
 */
export async function runMaster({ force, load, onReady }: MasterOptions): Promise<number> {
  // Logs and database are nobody else's business.
  process.umask(0o007);
  let config = load();
  ensureDirectories(config);
  checkServerFiles(config);
  const release = takeMasterLock(config.paths.lock_file, config.paths.pid_file, force);
  try {
    const signals = new Signals();
    let server = await startServer(config);
    announce(server, config);
    onReady();
    for (;;) {
      const signal = await signals.next();
      if (signal === 'SIGHUP') {
        server.reopenLogs();
        continue;
      }
      const { log } = server.services;
      log('runner', `Master got ${signal}`);
      const next = signal === 'SIGUSR1' ? reload(load, log) : undefined;
      if (signal === 'SIGUSR1' && !next) continue;
      notifySystemd(next ? 'RELOADING=1' : 'STOPPING=1');
      await stopInTime(server);
      if (!next) return 0;
      server = await startServer(next).catch((error: Error) => {
        say(config, `It cannot start as it is configured now, and goes on as before: ${error.message}`);
        return startServer(config);
      });
      config = server.services.config;
      announce(server, config);
    }
  } catch (error) {
    // A server in the background has nobody who hears it but its log.
    say(config, `Master ends: ${(error as Error).message}`);
    throw error;
  } finally {
    release();
  }
}

/** A mistake in the file must not take a server away that works. @returns undefined where there is one */
function reload(load: () => Config, log: Log): Config | undefined {
  try {
    const config = load();
    ensureDirectories(config);
    return config;
  } catch (error) {
    log('error', `Not restarted, the configuration cannot be used: ${(error as Error).message}`);
    return undefined;
  }
}

/** Writes to the log of errors while no server runs. */
function say(config: Config, line: string): void {
  const logs = openLogs(config);
  logs.log('error', line);
  logs.close();
}

function announce({ services, lmtpPort }: RunningServer, { mta }: Config): void {
  const where = lmtpPort === undefined ? 'without LMTP' : `LMTP on ${mta.lmtp_host}:${lmtpPort}`;
  services.log('runner', `Master started, ${where}`);
  notifySystemd('--ready');
}

async function stopInTime(server: RunningServer): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_LIMIT);
  });
  await Promise.race([server.stop(), limit]);
  clearTimeout(timer);
}

/** The signals that a master understands, one after the other. */
class Signals {
  readonly #waiting: NodeJS.Signals[] = [];
  #wake = (): void => {};

  constructor() {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGHUP'] as const) {
      process.on(signal, () => {
        this.#waiting.push(signal);
        this.#wake();
      });
    }
  }

  async next(): Promise<NodeJS.Signals> {
    for (;;) {
      const signal = this.#waiting.shift();
      if (signal) return signal;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
