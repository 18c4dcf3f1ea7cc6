import { rollback as giveBack } from '../../compat/cutover/steps/rollback.ts';
import type { CliCommand } from './command.ts';
import { type StepOptions, takeLists, takeStep } from './cutover-context.ts';

/** `mailman cutover rollback` */
export const rollback: CliCommand = {
  define: (command, context) => {
    takeLists(command)
      .description(
        'Back to legacy from observe, alongside or lead. Members, settings and held posts as they are here go into ' +
          "Mailman 2's own files.",
      )
      .action((lists: readonly string[], options: StepOptions) =>
        takeStep(context, lists, options, giveBack),
      );
  },
};
