import { UsageError } from '../errors.ts';
import { ChangeAddressError, changeAddress } from '../membership/change-address.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly json?: boolean;
}

/** `mailman changeaddress` */
export const changeaddress: CliCommand = {
  define: (command, context) => {
    command
      .description('Change an address everywhere: its memberships, user and preferences follow.')
      .argument('<OLD_ADDRESS>', 'The address as it is.')
      .argument('<NEW_ADDRESS>', 'What it becomes; a change of case only is a change too.')
      .option('--json', 'Show what was changed as JSON.')
      .action(async (oldAddress: string, newAddress: string, { json }: Options) => {
        await context.transaction(async (connection) => {
          try {
            await changeAddress(connection, oldAddress, newAddress);
          } catch (error) {
            throw error instanceof ChangeAddressError ? new UsageError(error.message) : error;
          }
        });
        if (json) context.printJson({ old_address: oldAddress, new_address: newAddress });
        else context.print(`Address changed from ${oldAddress} to ${newAddress}.`);
      });
  },
};
