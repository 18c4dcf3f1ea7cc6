import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../server/process-identity.ts';
import type { CliCommand } from './command.ts';
import { signalMaster } from './signalling.ts';

/** How long to wait until the server has finished what it has in hand, in milliseconds. */
const STOP_LIMIT = 35_000;

const LOOK_MS = 20;

/** `mailman stop` */
export const stop: CliCommand = {
  define: (command, context) => {
    command
      .description('Stop the server; it finishes what it has in hand.')
      .option('-q, --quiet', 'Print nothing.')
      .action(async ({ quiet }: { readonly quiet?: boolean }) => {
        if (!quiet) context.print("Shutting down Mailman's master runner");
        const pid = signalMaster(context, 'SIGTERM');
        if (pid === undefined) return;
        context.flush();
        const limit = Date.now() + STOP_LIMIT;
        while (isAlive(pid) && Date.now() < limit) await sleep(LOOK_MS);
      });
  },
};
