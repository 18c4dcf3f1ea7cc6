import { beginObserve } from '../../compat/cutover/steps/begin-observe.ts';
import type { CliCommand } from './command.ts';
import { type StepOptions, takeLists, takeStep } from './cutover-context.ts';

/** `mailman cutover observe` */
export const observe: CliCommand = {
  define: (command, context) => {
    takeLists(command)
      .description(
        'From legacy: posts come here as well, and what would be done is recorded. Nothing is sent.',
      )
      .action((lists: readonly string[], options: StepOptions) =>
        takeStep(context, lists, options, beginObserve),
      );
  },
};
