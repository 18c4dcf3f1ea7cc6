import { userInfo } from 'node:os';
import type { Command } from 'commander';
import {
  type CutoverContext,
  StepRefusedError,
  type StepReport,
  WrongStageError,
} from '../../compat/cutover/context.ts';
import { contextOf } from '../../compat/cutover/services-context.ts';
import { allCutovers } from '../database/cutover.ts';
import type { Database } from '../database/handle.ts';
import { FerrymanError, UsageError } from '../errors.ts';
import type { Stage } from '../model/cutover.ts';
import { utcNow } from '../model/time.ts';
import type { CliContext } from './context.ts';

/** No list has a Mailman 2 beside it. */
export class NothingMovesError extends FerrymanError {
  override name = 'NothingMovesError';

  constructor() {
    super(
      'No list has come over from the Mailman 2 in [cutover] mailman2_var_dir: "mailman migrate run" does it',
    );
  }
}

/** What every step takes. */
export interface StepOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly despiteDifferences?: boolean;
  readonly json?: boolean;
}

/** Adds the lists and the options that every step has. */
export function takeLists(command: Command): Command {
  return command
    .argument('[LISTSPEC...]', 'Posting addresses or List-Ids of lists.')
    .option('--all', 'All lists that have a Mailman 2 beside them, but for those in another stage.')
    .option('-n, --dry-run', 'Check everything, change nothing.')
    .option('--json', 'Report as JSON.');
}

/** Adds the option of those steps that ask for a comparison. */
export function takeDifferences(command: Command): Command {
  return command.option(
    '--despite-differences',
    'Although "mailman migrate verify" has found differences that you know.',
  );
}

/** A step of one list. */
export type Step = (context: CutoverContext, listSpec: string) => Promise<StepReport>;

/**
 * Takes a step with each of the lists, one after the other. One that is refused is told and does not stop the others; the
 * exit status says so. Where all lists are meant, those in a stage in which the step does not begin are passed over.
 */
export async function takeStep(
  context: CliContext,
  listSpecs: readonly string[],
  options: StepOptions,
  step: Step,
): Promise<void> {
  const reports: StepReport[] = [];
  const refused: string[] = [];
  const passedOver: WrongStageError[] = [];
  await context.withDatabase(async (database) => {
    const cutover = {
      ...cutoverContext(context, database, options.dryRun === true),
      acceptsDifferences: options.despiteDifferences === true,
    };
    for (const listSpec of await chosenLists(database, listSpecs, options)) {
      try {
        reports.push(await step(cutover, listSpec));
      } catch (error) {
        if (!(error instanceof FerrymanError)) throw error;
        if (options.all && error instanceof WrongStageError) {
          passedOver.push(error);
          continue;
        }
        refused.push(error.message);
        // What stands in the way of one stands in the way of all that follow, unless it was about that list.
        if (!(error instanceof StepRefusedError)) break;
      }
    }
  });
  if (options.json)
    context.printJson({
      done: reports,
      refused,
      passed_over: passedOver.map(({ list, stage }) => ({ list, stage })),
    });
  else
    for (const line of [...reports.flatMap(describe), ...nextSteps(reports, options.all === true)])
      context.print(line);
  const byStage = Map.groupBy(options.json ? [] : passedOver, ({ stage }) => stage);
  for (const [stage, lists] of byStage)
    context.warn(`passed over, being at ${stage}: ${lists.map(({ list }) => list).join(' ')}`);
  for (const line of options.json ? [] : refused.flatMap((text) => text.split('\n'))) context.warn(line);
  const isNothingDone = reports.length === 0 && passedOver.length > 0;
  if (refused.length > 0 || isNothingDone) context.setExitStatus(1);
}

/** @throws UsageError where none is named, NothingMovesError where all are meant and there is none */
async function chosenLists(
  { connection }: Database,
  listSpecs: readonly string[],
  { all }: StepOptions,
): Promise<readonly string[]> {
  if (all) {
    const noted = [...(await allCutovers(connection)).keys()];
    if (noted.length === 0) throw new NothingMovesError();
    return noted;
  }
  if (listSpecs.length === 0) throw new UsageError('Which list? Name some, or say --all.');
  return listSpecs;
}

/** @throws UsageError, ConfigError, NoSiteError where the configuration does not lead to a Mailman 2 */
function cutoverContext(context: CliContext, database: Database, isDryRun: boolean): CutoverContext {
  const services = { config: context.config(), database, clock: { now: utcNow }, log: () => {} };
  return contextOf(services, { who: userInfo().username, isDryRun });
}

function describe({ list, from, to, dry_run, seconds, did }: StepReport): string[] {
  const stages = from === to ? to : `${from} -> ${to}`;
  const head = `${list}: ${stages}${dry_run ? ' (nothing changed: dry run)' : ` in ${seconds.toFixed(2)} s`}`;
  return [head, ...did.map((line) => `  ${line}`)];
}

/** What mostly follows, by the stage that a list has come to. */
const NEXT: Partial<Record<Stage, (lists: string) => string>> = {
  observe: (lists) => `Next, after some posts: mailman cutover parity ${lists}`,
  alongside: (lists) => `Next: the same with more members, at last mailman cutover lead ${lists}`,
  lead: (lists) =>
    `Back: mailman cutover rollback ${lists}; later, for good: mailman cutover finish ${lists}`,
};

function nextSteps(reports: readonly StepReport[], isAll: boolean): string[] {
  const [first] = reports;
  if (!first || reports.some(({ dry_run, to }) => dry_run || to !== first.to)) return [];
  const line = NEXT[first.to]?.(isAll ? '--all' : reports.map(({ list }) => list).join(' '));
  return line === undefined ? [] : [line];
}
