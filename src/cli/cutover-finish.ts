import { finish as retire } from '../../compat/cutover/steps/finish.ts';
import { UsageError } from '../errors.ts';
import type { CliCommand } from './command.ts';
import { type StepOptions, takeLists, takeStep } from './cutover-context.ts';

interface Options extends StepOptions {
  readonly quietDays: string;
}

const WEEK = '7';

/** `mailman cutover finish` */
export const finish: CliCommand = {
  define: (command, context) => {
    takeLists(command)
      .description(
        'From lead, when Mailman 2 has had no post of the list for a while: the way back is given up.',
      )
      .option('--quiet-days <N>', 'For how many days.', WEEK)
      .action(async (lists: readonly string[], options: Options) => {
        const days = Number(options.quietDays);
        if (!Number.isFinite(days) || days < 0) {
          throw new UsageError(`--quiet-days: found '${options.quietDays}', expected a number of days`);
        }
        await takeStep(context, lists, options, (cutover, listSpec) => retire(cutover, listSpec, days));
      });
  },
};
