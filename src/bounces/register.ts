import { insertBounceEvents } from '../database/bounce-events.ts';
import { findList } from '../database/lists.ts';
import { findMembers } from '../database/members.ts';
import type { Message } from '../message/message.ts';
import { addressKey } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';

/** Octets of a bounce that are kept for owners to see; what came back is rarely needed whole. */
const MAX_KEPT = 256 * 1024;

/** Lists that a list includes whose members are looked up. */
const MAX_SIBLINGS = 50;

/**
 * Notes that mail to these addresses bounced, to be counted by `processBounces`. Only members count; who is not on the
 * list itself may have got the mail through a list that it includes (`regular_include_lists`), as in Mailman 2.1.
 * @returns how many members these were
 */
export async function registerBounces(
  step: Step,
  list: MailingList,
  addresses: readonly string[],
  bounce: Message,
): Promise<number> {
  const keys = [...new Set(addresses.map(addressKey))];
  const content = bounce.toBuffer().subarray(0, MAX_KEPT);
  const receivedAt = step.clock.now();
  let missing: readonly string[] = keys;
  for (const listId of [list.listId, ...list.settings.regular_include_lists.slice(0, MAX_SIBLINGS)]) {
    if (missing.length === 0) break;
    const counted = await bouncingMembers(step, list, listId, missing);
    if (!counted) continue;
    await insertBounceEvents(step.connection, counted.listId, counted.emails, {
      context: 'normal',
      receivedAt,
      content,
    });
    const known = new Set(counted.emails);
    missing = missing.filter((key) => !known.has(key));
  }
  return keys.length - missing.length;
}

/** Notes that the probe to a member bounced. */
export async function registerProbeBounce(
  step: Step,
  list: MailingList,
  email: string,
  bounce: Message,
): Promise<void> {
  await insertBounceEvents(step.connection, list.listId, [email], {
    context: 'probe',
    receivedAt: step.clock.now(),
    content: bounce.toBuffer().subarray(0, MAX_KEPT),
  });
}

/** Those of the addresses that are members of the list itself, or of one that it includes. */
async function bouncingMembers(
  { connection }: Step,
  list: MailingList,
  listSpec: string,
  keys: readonly string[],
): Promise<{ readonly listId: string; readonly emails: readonly string[] } | undefined> {
  const found = listSpec === list.listId ? list : await findList(connection, listSpec);
  if (!found?.settings.process_bounces) return undefined;
  const members = await findMembers(connection, found.listId, 'member', keys);
  return { listId: found.listId, emails: [...members.keys()] };
}
