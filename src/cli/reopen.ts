import type { CliCommand } from './command.ts';
import { signalMaster } from './signalling.ts';

/** `mailman reopen` */
export const reopen: CliCommand = {
  define: (command, context) => {
    command
      .description('Make the server reopen its log files.')
      .option('-q, --quiet', 'Print nothing.')
      .action(({ quiet }: { readonly quiet?: boolean }) => {
        if (!quiet) context.print('Reopening the Mailman runners');
        signalMaster(context, 'SIGHUP');
      });
  },
};
