import { lead as takeLead } from '../../compat/cutover/steps/lead.ts';
import { UsageError } from '../errors.ts';
import { ask } from './ask.ts';
import type { CliCommand } from './command.ts';
import { type StepOptions, takeDifferences, takeLists, takeStep } from './cutover-context.ts';

/** `mailman cutover lead` */
export const lead: CliCommand = {
  define: (command, context) => {
    takeDifferences(takeLists(command))
      .description(
        'From observe or alongside: all mail comes here. The list is locked at Mailman 2 meanwhile.',
      )
      .option('-y, --yes', 'Do not ask.')
      .action(async (lists: readonly string[], options: StepOptions) => {
        if (!options.yes && !options.dryRun) {
          const which = options.all ? 'all lists' : lists.join(', ');
          const question = `Take over ${which} from Mailman 2? Type yes:`;
          const answer = await ask(question);
          if (answer === undefined) throw new UsageError('There is no terminal to ask at: say --yes.');
          if (answer.trim().toLowerCase() !== 'yes') {
            context.warn('Nothing was changed.');
            context.setExitStatus(1);
            return;
          }
        }
        await takeStep(context, lists, options, takeLead);
      });
  },
};
