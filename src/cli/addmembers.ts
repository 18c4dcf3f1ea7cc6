import type { CliCommand } from './command.ts';
import { readMemberFile } from './member-file.ts';
import { namedListForChange } from './named-list.ts';
import { runCliStep } from './step.ts';
import {
  type Delivery,
  deliveries,
  having,
  skippedLine,
  skippedToJson,
  subscribeOptions,
} from './subscribing.ts';

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
        const { addMembers, inviteMembers } = await import('../membership/mass.ts');
        const { list, outcomes } = await runCliStep(context, async (step) => {
          const found = await namedListForChange(step.connection, listSpec);
          const chosen = {
            ...subscribeOptions(options.delivery),
            toPerson: options.welcomeMsg,
            whence: 'mailman addmembers',
          };
          const change = options.invite ? inviteMembers : addMembers;
          return { list: found, outcomes: await change(step, found, mailboxes, chosen) };
        });
        for (const [index, mailbox] of mailboxes.entries()) {
          const line = skippedLine(mailbox, outcomes[index]);
          if (line !== undefined) context.warn(line);
        }
        if (!options.json) return;
        context.printJson({
          list_id: list.listId,
          ...(options.invite
            ? { invited: having(mailboxes, outcomes, 'invited') }
            : { added: having(mailboxes, outcomes, 'subscribed') }),
          skipped: skippedToJson(mailboxes, outcomes),
        });
      });
  },
};
