import { FerrymanError } from '../errors.ts';
import type { CliCommand } from './command.ts';

/** `mailman gatenews` */
export const gatenews: CliCommand = {
  define: (command) => {
    command
      .description('Bring the posts of newsgroups to their lists. The news gateway is not there yet.')
      .action(() => {
        throw new FerrymanError(
          'There is no news gateway yet: lists with gateway_to_mail get nothing from their newsgroups.',
        );
      });
  },
};
