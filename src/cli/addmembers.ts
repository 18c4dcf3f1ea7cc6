import { FerrymanError } from '../errors.ts';
import { subscribe } from '../membership/subscribe.ts';
import { readMemberFile } from './member-file.ts';
import { namedListForChange } from './named-list.ts';
import type { CliCommand } from './program.ts';
import {
  type Delivery,
  deliveries,
  skippedLine,
  skippedToJson,
  subscribeOptions,
  toJson,
} from './subscribing.ts';
import { warnUnsentMail } from './unsent-mail.ts';

interface Options {
  readonly delivery?: Delivery;
  readonly invite?: boolean;
  readonly welcomeMsg?: boolean;
  readonly json?: boolean;
}

/** `mailman addmembers` */
export const addmembers: CliCommand = {
  define: (command, context) => {
    command
      .description('Subscribe the people in a file to a list at once, whatever its subscription policy.')
      .argument('<FILENAME>', 'One "Name <address>" or address a line, in UTF-8; - is standard input.')
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list.')
      .addOption(
        command.createOption('-d, --delivery <MODE>', 'How they get their mail.').choices(deliveries),
      )
      .option('-i, --invite', 'Invite them instead.')
      .option('-w, --welcome-msg', 'Send a welcome message, whatever the list says.')
      .option('-W, --no-welcome-msg', 'Send none.')
      .option('--json', 'Show who was added and who was not as JSON.')
      .action(async (file: string, listSpec: string, options: Options) => {
        const mailboxes = readMemberFile(file, "'FILENAME'");
        const { list, outcomes } = await context.transaction(async (connection) => {
          const found = await namedListForChange(connection, listSpec);
          if (options.invite) throw new FerrymanError('Nobody was invited: invitations need the mail core.');
          const chosen = subscribeOptions(options.delivery);
          return { list: found, outcomes: await subscribe(connection, found, mailboxes, chosen) };
        });
        for (const [index, mailbox] of mailboxes.entries()) {
          const line = skippedLine(mailbox, outcomes[index]);
          if (line !== undefined) context.warn(line);
        }
        warnUnsentMail(context, options.welcomeMsg);
        if (!options.json) return;
        context.printJson({
          list_id: list.listId,
          added: mailboxes.filter((_, index) => outcomes[index] === 'subscribed').map(toJson),
          skipped: skippedToJson(mailboxes, outcomes),
        });
      });
  },
};
