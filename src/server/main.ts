import { closeSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/index.ts';
import { FerrymanError, UsageError } from '../errors.ts';
import { runMaster } from './master.ts';
import { MasterLockError } from './master-lock.ts';
import { onlyRunners } from './only-runners.ts';

const HELP = `Usage: master [OPTIONS]

Runs the server in the foreground until it gets SIGTERM. SIGUSR1 restarts it, SIGHUP makes it reopen its logs.

Options:
  -C, --config FILE    The configuration file; without it the usual places are searched.
  -f, --force          Take over the lock of another host.
  -r, --runner NAME    Only this part, by the name of its [runner.NAME] section; may be given several times.
  -n, --no-restart     Without effect: there are no other processes.
  -v, --verbose        Without effect.
  -h, --help           Show this text.
`;

process.exitCode = await main(process.argv.slice(2));
// All is closed. What still waits for a time-out (the pool of connections does, after a stop under load) must not keep the process.
setTimeout(() => process.exit(), 100).unref();

async function main(argv: readonly string[]): Promise<number> {
  try {
    const { values } = parseArguments(argv);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const file = values.config ?? process.env.MAILMAN_CONFIG_FILE;
    return await runMaster({
      force: values.force === true,
      load: () => onlyRunners(loadConfig({ file: file || undefined }), values.runner ?? []),
      onReady: () => tellStarter('ready'),
    });
  } catch (error) {
    const text = error instanceof FerrymanError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`${text}\n`);
    tellStarter(text);
    return error instanceof UsageError || error instanceof MasterLockError ? 2 : 1;
  }
}

function parseArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        config: { type: 'string', short: 'C' },
        force: { type: 'boolean', short: 'f' },
        runner: { type: 'string', short: 'r', multiple: true },
        'no-restart': { type: 'boolean', short: 'n' },
        verbose: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${HELP}`);
  }
}

/** `mailman start` waits at the other end of a pipe to hear how it went. */
function tellStarter(text: string): void {
  const descriptor = Number(process.env.FERRYMAN_STARTER_FD);
  delete process.env.FERRYMAN_STARTER_FD;
  if (!Number.isInteger(descriptor) || descriptor < 3) return;
  try {
    writeSync(descriptor, text);
    closeSync(descriptor);
  } catch {
    // Nobody waits any more.
  }
}
