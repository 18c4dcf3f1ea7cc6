import { verifyList } from '../../migrate/verify/verify-list.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { catchUp, isBehind } from './catch-up.ts';
import { type CutoverContext, type MovingList, StepRefusedError } from './context.ts';

/** Members who come or go between two looks are no reason. */
const LOOKS = 3;

const SHOWN = 3;

/**
 * Compares the members of a list that Mailman 2 still delivers to with those here: who did not come over would get no mail one
 * day.
 * @throws StepRefusedError naming some
 */
export async function requireSameMembers(context: CutoverContext, moving: MovingList): Promise<void> {
  const { list, cutover } = moving;
  let differences: string[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await catchUp(context, moving);
    differences = await memberDifferences(context, moving);
    if (differences.length === 0) return;
    if (!context.isDryRun) continue;
    // What the step would apply first may be all that differs.
    if (isBehind(context, moving)) return;
    break;
  }
  const some = differences.slice(0, SHOWN).join(', ');
  const more = differences.length > SHOWN ? ` and ${differences.length - SHOWN} more` : '';
  const which = `${context.site.path} --list ${cutover.mailman2Name}`;
  throw new StepRefusedError(
    `${postingAddress(list)}: not the same at Mailman 2 and here: ${some}${more}; "mailman migrate verify ${which}" tells how, and "mailman migrate run ${which} --no-archives --again" makes it as it is there`,
  );
}

async function memberDifferences(
  { services: { database, clock }, site }: CutoverContext,
  { list, cutover: { mailman2Name } }: MovingList,
): Promise<string[]> {
  const domainOf = new Map([[mailman2Name, list.mailHost]]);
  const verified = await verifyList(database.connection, site, mailman2Name, { domainOf, now: clock.now() });
  return verified.differences
    .filter(({ kind, subject }) => kind === 'setting' && /^(?:digest_)?members\b/.test(subject))
    .map(({ subject }) => subject);
}
