import { findCutover } from '../database/cutover.ts';
import { handedOverAmong } from '../database/handed-over.ts';
import type { Connection } from '../database/handle.ts';
import { findList } from '../database/lists.ts';
import { FerrymanError } from '../errors.ts';
import { isMailman2InCharge, type Stage } from '../model/cutover.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import type { Member } from '../model/member.ts';

/** Members of a list were to be changed here that a Mailman 2 beside this server has in charge. */
export class Mailman2InChargeError extends FerrymanError {
  override name = 'Mailman2InChargeError';
}

function ofMembers(list: MailingList, stage: Stage): string {
  return `${postingAddress(list)} is in the stage ${stage}: Mailman 2 is in charge of its members; change them there, and it is here within seconds`;
}

/**
 * Refuses what following Mailman 2 would undo. Members who were handed over are managed here.
 * @param handedOver keys of the members whom the change is about; none where somebody is to become one
 * @throws Mailman2InChargeError
 */
export async function refuseWhereMailman2InCharge(
  connection: Connection,
  list: MailingList,
  handedOver: readonly string[] = [],
): Promise<void> {
  const cutover = await findCutover(connection, list.listId);
  if (!cutover || !isMailman2InCharge(cutover.stage)) return;
  if (cutover.stage === 'alongside' && handedOver.length > 0) {
    const own = await handedOverAmong(connection, list.listId, handedOver);
    if (handedOver.every((key) => own.has(key))) {
      if (!handedOver.some((key) => cutover.changing?.keys.includes(key))) return;
      throw new Mailman2InChargeError(
        `${postingAddress(list)}: members are just changing sides between here and Mailman 2; try again in a minute`,
      );
    }
  }
  throw new Mailman2InChargeError(ofMembers(list, cutover.stage));
}

/**
 * Refuses what Mailman 2 does for the lists that it has in charge.
 * @param what in the plural, and what there is to do about it there, for people
 * @throws Mailman2InChargeError
 */
export async function leaveToMailman2(
  connection: Connection,
  list: MailingList,
  what: 'held posts; decide about them there' | 'digests; it sends them',
): Promise<void> {
  const cutover = await findCutover(connection, list.listId);
  if (cutover && isMailman2InCharge(cutover.stage))
    throw new Mailman2InChargeError(
      `${postingAddress(list)} is in the stage ${cutover.stage}: Mailman 2 is in charge of its ${what}`,
    );
}

/** As refuseWhereMailman2InCharge, for a change of one membership. @throws Mailman2InChargeError */
export async function refuseChangeWhereMailman2InCharge(
  connection: Connection,
  { listId, role, email }: Pick<Member, 'listId' | 'role' | 'email'>,
): Promise<void> {
  const list = await findList(connection, listId);
  if (list) await refuseWhereMailman2InCharge(connection, list, role === 'member' ? [email] : []);
}

/** As that, for an address that becomes another in these memberships, or goes away with them. @throws Mailman2InChargeError */
export async function refuseMoveWhereMailman2InCharge(
  connection: Connection,
  memberships: readonly Member[],
): Promise<void> {
  for (const member of memberships)
    if (member.role !== 'nonmember') await refuseChangeWhereMailman2InCharge(connection, member);
}
