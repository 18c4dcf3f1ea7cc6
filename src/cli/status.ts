import { hostname } from 'node:os';
import { type MasterState, masterState } from '../server/master-lock.ts';
import type { CliCommand } from './command.ts';

/** `mailman status`; the exit status tells as well. */
export const status: CliCommand = {
  define: (command, context) => {
    command
      .description('Say whether the server is running: exit status 0 no, 1 yes, 2 it has died, 3 elsewhere.')
      .option('--json', 'Show it as JSON.')
      .action(({ json }: { readonly json?: boolean }) => {
        const found = masterState(context.settings().paths.lock_file);
        if (json) context.printJson(found);
        else context.print(describe(found));
        context.setExitStatus(EXIT_STATUS[found.state]);
      });
  },
};

const EXIT_STATUS: Readonly<Record<MasterState['state'], number>> = {
  stopped: 0,
  running: 1,
  stale: 2,
  elsewhere: 3,
};

function describe(found: MasterState): string {
  switch (found.state) {
    case 'stopped':
      return 'GNU Mailman is not running';
    case 'running':
      return `GNU Mailman is running (master pid: ${found.pid})`;
    case 'stale':
      return `GNU Mailman is stopped (stale pid: ${found.pid})`;
    case 'elsewhere':
      return `GNU Mailman is in an unexpected state (${found.host} != ${hostname()})`;
  }
}
