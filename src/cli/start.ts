import { spawn } from 'node:child_process';
import { accessSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unwritableLogs } from '../config/reachable.ts';
import { FerrymanError, UsageError } from '../errors.ts';
import { utcNow } from '../model/time.ts';
import { writeMaps } from '../mta/maps/index.ts';
import { masterState } from '../server/master-lock.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';

interface Options {
  readonly force?: boolean;
  readonly quiet?: boolean;
}

/** The server did not come up; the message is its own. */
class StartError extends FerrymanError {
  override name = 'StartError';
}

/** How long the server may take until it is ready, in milliseconds: it may have to bring a large database up to date. */
const READY_LIMIT = 120_000;

/** `mailman start` */
export const start: CliCommand = {
  define: (command, context) => {
    command
      .description('Start the server in the background, and write the maps for the mail server.')
      .option('-f, --force', 'Take over the lock that a server on another host has left.')
      .option('-g, --generate-alias-file', 'Write the maps for the mail server (always done).')
      .option('-u, --run-as-user', 'Without effect.')
      .option('-q, --quiet', 'Print nothing.')
      .action(async ({ force, quiet }: Options) => {
        refuseSecond(context, force === true);
        const say = (line: string): void => {
          if (!quiet) context.print(line);
          context.flush();
        };
        say("Starting Mailman's master runner");
        await launch(context, force === true);
        for (const problem of unwritableLogs(context.config())) context.warn(problem);
        say('Generating MTA alias maps');
        const config = context.config();
        await context.withDatabase(({ connection }) =>
          writeMaps(config, connection, utcNow(), { isWhole: true }),
        );
      });
  },
};

function refuseSecond(context: CliContext, force: boolean): void {
  const found = masterState(context.config().paths.lock_file);
  if (found.state === 'running') throw new UsageError('GNU Mailman is already running');
  if (found.state === 'elsewhere' && !force) {
    throw new UsageError(
      'A previous run of GNU Mailman did not exit cleanly (host_mismatch).  Try using --force',
    );
  }
}

/** Starts `master` away from this terminal and waits until it takes mail. @throws StartError with what it says otherwise */
async function launch(context: CliContext, force: boolean): Promise<void> {
  const { file } = context.config();
  const child = spawn(masterProgram(), [...(file ? ['-C', file] : []), ...(force ? ['-f'] : [])], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, FERRYMAN_STARTER_FD: '3' },
  });
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const pipe = child.stdio[3];
    pipe?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    pipe?.on('close', () => resolve(text));
    child.on('error', (error) => resolve(error.message));
    setTimeout(() => resolve('The server is not ready after two minutes'), READY_LIMIT).unref();
  });
  child.unref();
  if (answer !== 'ready') throw new StartError(answer || 'The server ended without a word');
}

/** bin/master lies two folders above the sources and three above what is built from them. */
function masterProgram(): string {
  const [near, far] = ['../../bin/master', '../../../bin/master'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  try {
    accessSync(near ?? '');
    return near ?? '';
  } catch {
    return far ?? '';
  }
}
