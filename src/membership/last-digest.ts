import { collectedSize } from '../database/digest-messages.ts';
import { deleteLastDigest, effectiveDeliveryModes, insertLastDigest } from '../database/digest-recipients.ts';
import type { Connection } from '../database/handle.ts';
import type { Member } from '../model/member.ts';

/**
 * Runs a change of preferences that may touch the delivery modes of these memberships. A member who gives digests up
 * for posts one by one still gets the digest that is being collected, as Mailman 2.1 does it: its posts have not reached
 * them otherwise. In a transaction.
 */
export async function keepLastDigests<T>(
  connection: Connection,
  members: readonly Pick<Member, 'memberId' | 'listId'>[],
  change: () => Promise<T>,
): Promise<T> {
  const ids = members.map(({ memberId }) => memberId);
  const before = await effectiveDeliveryModes(connection, ids);
  const result = await change();
  const after = await effectiveDeliveryModes(connection, ids);
  for (const { memberId, listId } of members) {
    const [old, mode] = [before.get(memberId), after.get(memberId)];
    if (old === undefined || mode === undefined || old === mode) continue;
    if (mode !== 'regular') await deleteLastDigest(connection, memberId);
    else if ((await collectedSize(connection, listId)) > 0) await insertLastDigest(connection, memberId, old);
  }
  return result;
}
