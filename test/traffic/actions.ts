import { warnAndRemove } from '../../src/bounces/warn-and-remove.ts';
import { allLists, lockList } from '../../src/database/lists.ts';
import { requestDigest } from '../../src/digests/request.ts';
import { decideRequest, type RequestDecision } from '../../src/membership/workflow/moderate.ts';
import type { Mailbox } from '../../src/model/email-address.ts';
import { listIdOf, type MailingList, parsePostingAddress } from '../../src/model/mailing-list.ts';
import { type Decision, decideHeldPost, discardExpiredPosts } from '../../src/moderation/held-posts.ts';
import { notifyModeratorsDaily } from '../../src/moderation/waiting.ts';
import { runStep } from '../../src/queue/enqueue.ts';
import type { Step } from '../../src/queue/step.ts';
import { recordedListAddress } from '../support/recorded-traffic.ts';
import type { Site } from './site.ts';

type Action = (site: Site) => Promise<unknown>;

/** What moderators and the clock do in the cases without a mail, by number of the case. */
export const actions: ReadonlyMap<number, Action> = new Map([
  [355, decide('plain', 18, { kind: 'accept' })],
  [356, decide('plain', 19, { kind: 'reject', reason: 'Sorry, no.' })],
  [357, decide('plain', 22, { kind: 'discard' })],
  [358, decide('plain', 21, { kind: 'accept' }, [{ address: 'archive@example.net', displayName: '' }])],
  [359, decide('nihongo-users', 10, { kind: 'accept' })],
  [360, decide('nihongo-users', 11, { kind: 'reject', reason: 'お断りします' })],
  [361, decide('plain', 2, { kind: 'accept' })],
  [362, decide('plain', 6, { kind: 'accept' })],
  [363, decide('members-lab', 1, { kind: 'accept' })],
  [364, decide('nihongo-users', 2, { kind: 'reject', reason: 'no' })],
  [365, decide('vereinsrundbrief', 1, { kind: 'accept' })],
  [366, digests('plain')],
  [367, digests('members-lab')],
  [368, digests('nihongo-users')],
  [369, digests('vereinsrundbrief')],
  [370, digests('announce')],
  // The queues do it by themselves.
  [372, async () => {}],
  [373, warnings],
  [374, warnings],
  [375, reminders],
  [376, warnings],
]);

/** A moderator decides about a post or a request. @param number that it had in Mailman 2.1 */
function decide(
  listName: string,
  number: number,
  decision: Decision & RequestDecision,
  forward: readonly Mailbox[] = [],
): Action {
  return async (site) => {
    const request = site.requests.get(`${listName} ${number}`);
    if (!request) return;
    await runStep(site.services, async (step) => {
      const list = await listNamed(step, listName);
      if ('token' in request) await decideRequest(step, list, request.token, decision);
      else await decideHeldPost(step, list, request.heldMessage, decision, { forward });
    });
  };
}

function digests(listName: string): Action {
  return ({ services }) =>
    runStep(services, async (step) => {
      const { listId } = await listNamed(step, listName);
      return requestDigest(step, listId, { periodic: true });
    });
}

async function warnings({ services }: Site): Promise<void> {
  while (await runStep(services, warnAndRemove));
}

async function reminders({ services }: Site): Promise<void> {
  for (const list of await allLists(services.database.connection)) {
    await runStep(services, async (step) => {
      await discardExpiredPosts(step, list);
      await notifyModeratorsDaily(step, list);
    });
  }
}

async function listNamed({ connection }: Step, name: string): Promise<MailingList> {
  const address = parsePostingAddress(recordedListAddress(name));
  const list = address && (await lockList(connection, listIdOf(address)));
  if (!list) throw new Error(`${name} is not there`);
  return list;
}
