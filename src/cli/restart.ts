import type { CliCommand } from './command.ts';
import { signalMaster } from './signalling.ts';

/** `mailman restart` */
export const restart: CliCommand = {
  define: (command, context) => {
    command
      .description('Make the server stop and start again, with the configuration as it is then.')
      .option('-q, --quiet', 'Print nothing.')
      .action(({ quiet }: { readonly quiet?: boolean }) => {
        if (!quiet) context.print('Restarting the Mailman runners');
        signalMaster(context, 'SIGUSR1');
      });
  },
};
