import type { FollowOptions } from '../../migrate/follow/follow.ts';
import type { Site } from '../../migrate/site/site.ts';
import { allCutovers, type Cutover, findCutover } from '../../src/database/cutover.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import { FerrymanError } from '../../src/errors.ts';
import type { Stage } from '../../src/model/cutover.ts';
import { type MailingList, postingAddress } from '../../src/model/mailing-list.ts';
import type { Services } from '../../src/queue/step.ts';
import type { Check } from './checks/check.ts';

/** A step of a cutover is not taken, because of the state that things are in; the message says what to do. */
export class StepRefusedError extends FerrymanError {
  override name = 'StepRefusedError';
}

/** The list is in a stage in which the step does not begin. */
export class WrongStageError extends StepRefusedError {
  override name = 'WrongStageError';
  readonly list: string;
  readonly stage: Stage;

  constructor(message: string, list: string, stage: Stage) {
    super(message);
    this.list = list;
    this.stage = stage;
  }
}

/** What every step of a cutover works with. */
export interface CutoverContext {
  readonly services: Pick<Services, 'config' | 'database' | 'clock' | 'log'>;
  /** Mailman 2's. */
  readonly site: Site;
  readonly follow: FollowOptions;
  /** Who does it, for the audit trail. */
  readonly who: string;
  /** Check all, change nothing. */
  readonly isDryRun: boolean;
  /** The last comparison with Mailman 2's files found differences, and that is known. */
  readonly acceptsDifferences?: boolean;
}

/** A list that moves. */
export interface MovingList {
  readonly list: MailingList;
  readonly cutover: Cutover;
}

/** What a step has done, or would do. */
export interface StepReport {
  readonly list: string;
  readonly action: string;
  readonly from: Stage;
  readonly to: Stage;
  readonly dry_run: boolean;
  readonly seconds: number;
  /** One line each. */
  readonly did: readonly string[];
}

/** @throws StepRefusedError where there is no such list, or it never had a Mailman 2 beside it */
export async function openMoving({ services }: CutoverContext, listSpec: string): Promise<MovingList> {
  const { connection } = services.database;
  const list = await findList(connection, listSpec);
  if (!list) {
    const named = await listNamed(connection, listSpec);
    const hint = named === undefined ? '"mailman migrate run" brings it over first' : `say ${named}`;
    throw new StepRefusedError(`No such list: ${listSpec}; ${hint}`);
  }
  const cutover = await findCutover(connection, list.listId);
  if (!cutover) {
    throw new StepRefusedError(
      `${postingAddress(list)} has no Mailman 2 beside it; "mailman migrate run" notes those that have`,
    );
  }
  return { list, cutover };
}

/** The address of the list that Mailman 2 calls so. */
async function listNamed(connection: Connection, name: string): Promise<string | undefined> {
  const noted = [...(await allCutovers(connection)).values()];
  const found = noted.find(({ mailman2Name }) => mailman2Name === name.toLowerCase());
  const list = found && (await findList(connection, found.listId));
  return list && postingAddress(list);
}

/** @throws StepRefusedError with every reason, one in a line */
export async function requireAll(
  { services, site, acceptsDifferences = false }: CutoverContext,
  { list, cutover }: MovingList,
  checks: readonly Check[],
): Promise<void> {
  const problems: string[] = [];
  for (const check of checks) {
    const problem = await check.run({ services, list, cutover, site, acceptsDifferences });
    // Several may ask the same thing.
    if (problem !== undefined && !problems.includes(problem)) problems.push(problem);
  }
  if (problems.length === 0) return;
  throw new StepRefusedError(problems.map((problem) => `${postingAddress(list)}: ${problem}`).join('\n'));
}

/** @throws WrongStageError where the list is in none of these stages */
export function requireStage(
  { list, cutover }: MovingList,
  action: string,
  ...stages: readonly Stage[]
): void {
  if (stages.includes(cutover.stage)) return;
  const back =
    cutover.stage === 'retired'
      ? '; "mailman migrate export21" still writes it as Mailman 2 keeps lists'
      : '';
  const address = postingAddress(list);
  throw new WrongStageError(
    `${address} is in the stage ${cutover.stage}; "${action}" begins at ${stages.join(' or ')}${back}`,
    address,
    cutover.stage,
  );
}
