import type { Connection } from '../../src/database/handle.ts';
import {
  deletePending,
  deletePendingOfList,
  insertPending,
  type Pending,
} from '../../src/database/pending.ts';
import { storeRequests } from '../../src/membership/workflow/requests.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { earlierBy, type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { wishesOf } from '../held/apply-requests.ts';
import { isUsableAddress } from '../import21/people.ts';
import type { Changes, Notes } from '../import21/report.ts';
import { digestOf, reconcile } from '../site/reconcile.ts';
import type { Confirmation, Confirmations } from './confirmations.ts';

/** What the import of tokens has to know beside them. */
export interface ConfirmationContext {
  readonly now: UtcTime;
  /** Seconds between the making of a token in Mailman 2.1 and its end. */
  readonly life: number;
  /** Held posts: request id here by that of Mailman 2.1. */
  readonly requestIds: ReadonlyMap<number, number>;
}

/** How many tokens came over, and how many are of no use any more. */
export interface ConfirmationChanges {
  readonly changes: Changes;
  readonly expired: number;
  /** Tokens of held posts that were dealt with. */
  readonly obsolete: number;
}

/** Makes the tokens that Mailman 2.1 has mailed work here, until they would have ended there. */
export async function applyConfirmations(
  connection: Connection,
  list: MailingList,
  { known, odd }: Confirmations,
  context: ConfirmationContext,
  notes: Notes,
): Promise<ConfirmationChanges> {
  for (const problem of odd) notes.needsPerson('pending.pck', `${problem} is not understood; left out`);
  const nowText = context.now;
  const live = known.filter(({ expires }) => (utcFromEpoch(expires) ?? '') > nowText);
  const fitting = live.filter((one) => isUsable(one, list, context, notes));
  const wanted = fitting.map((item) => ({ sourceId: item.token, digest: digestOf(item), item }));
  const { changes } = await reconcile(connection, list.listId, 'pending', wanted, {
    add: async (item: Confirmation) => {
      // One that was given out here went to Mailman 2 with the list, and comes back.
      await deletePendingOfList(connection, list.listId, item.token);
      await store(connection, list, item, context);
      return item.token;
    },
    remove: async (token) => {
      await deletePending(connection, token);
    },
  });
  const obsolete = live.filter((one) => one.op === 'H' && !context.requestIds.has(one.requestId)).length;
  return { changes, expired: known.length - live.length, obsolete };
}

function isUsable(
  one: Confirmation,
  list: MailingList,
  { requestIds }: ConfirmationContext,
  notes: Notes,
): boolean {
  if (one.op === 'H') return requestIds.has(one.requestId);
  if (one.op === 'E' && one.listName.toLowerCase() !== list.listName) {
    notes.needsPerson('pending.pck', `a token of another list (${one.listName}) is left out`);
    return false;
  }
  const addresses = one.op === 'C' ? [one.oldAddress, one.newAddress] : [one.address];
  if (addresses.every(isUsableAddress)) return true;
  notes.needsPerson('pending.pck', 'a token of an address that is none is left out');
  return false;
}

async function store(
  connection: Connection,
  list: MailingList,
  one: Confirmation,
  { life, requestIds, now }: ConfirmationContext,
): Promise<void> {
  const expiresAt = utcFromEpoch(one.expires) ?? now;
  const createdAt = earlierBy(expiresAt, life);
  if (one.op === 'S' || one.op === 'U') {
    const isJoin = one.op === 'S';
    await storeRequests(connection, [
      {
        kind: isJoin ? 'subscription' : 'unsubscription',
        token: one.token,
        tokenOwner: 'subscriber',
        listId: list.listId,
        email: addressKey(one.address),
        mailbox: { address: one.address, displayName: isJoin ? one.name : '' },
        when: createdAt,
        expiresAt,
        wishes: isJoin
          ? {
              ...wishesOf(list, one),
              ...(one.invitation === undefined ? {} : { invitation: true, preApproved: true }),
            }
          : {},
      },
    ]);
    return;
  }
  const base = { token: one.token, listId: list.listId, createdAt, expiresAt };
  await insertPending(connection, { ...base, ...toPending(one, requestIds) });
}

function toPending(
  one: Exclude<Confirmation, { readonly op: 'S' | 'U' }>,
  requestIds: ReadonlyMap<number, number>,
): Pick<Pending, 'kind' | 'email' | 'data'> {
  switch (one.op) {
    case 'C':
      return {
        kind: 'change_address',
        email: addressKey(one.oldAddress),
        // The owner of a list could ask there for any of its members: that says nothing about the person's account.
        data: { new_address: one.newAddress, display_name: '', everywhere: one.everywhere, apart: true },
      };
    case 'H':
      return { kind: 'held_message', email: '', data: { request_id: requestIds.get(one.requestId) } };
    case 'E':
      return { kind: 're_enable', email: addressKey(one.address), data: {} };
    case 'P':
      return { kind: 'probe', email: addressKey(one.address), data: {} };
  }
}
