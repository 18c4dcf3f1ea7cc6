import type { Connection } from '../../src/database/handle.ts';
import { deletePending } from '../../src/database/pending.ts';
import { type JoinWishes, storeRequests } from '../../src/membership/workflow/requests.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { laterBy, type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { newToken } from '../../src/model/token.ts';
import { isUsableAddress } from '../import21/people.ts';
import type { Changes, Notes } from '../import21/report.ts';
import { digestOf, reconcile, type Wanted } from '../site/reconcile.ts';
import type { HeldSubscription, HeldUnsubscription, Requests } from './requests.ts';

/** What the import has to know of the time. */
export interface RequestTimes {
  readonly now: UtcTime;
  /** Seconds that moderators have here, from now on: in Mailman 2.1 they have as long as they like. */
  readonly moderatorLife: number;
}

/** Brings subscriptions and unsubscriptions that wait for a moderator. */
export async function applyHeldRequests(
  connection: Connection,
  list: MailingList,
  requests: Requests,
  times: RequestTimes,
  notes: Notes,
): Promise<{ readonly subscriptions: Changes; readonly unsubscriptions: Changes }> {
  const remove = async (target: string): Promise<void> => {
    await deletePending(connection, target);
  };
  const expiresAt = laterBy(times.now, times.moderatorLife);
  const base = { listId: list.listId, tokenOwner: 'moderator', expiresAt } as const;
  const subscriptions = await reconcile(
    connection,
    list.listId,
    'subscription',
    usable(requests.subscriptions, notes),
    {
      add: async (held: HeldSubscription) => {
        const token = newToken();
        await storeRequests(connection, [
          {
            ...base,
            kind: 'subscription',
            token,
            email: addressKey(held.address),
            mailbox: { address: held.address, displayName: held.name },
            when: utcFromEpoch(held.at) ?? times.now,
            wishes: wishesOf(list, held),
          },
        ]);
        return token;
      },
      remove,
    },
  );
  const unsubscriptions = await reconcile(
    connection,
    list.listId,
    'unsubscription',
    usable(requests.unsubscriptions, notes),
    {
      add: async ({ address }: HeldUnsubscription) => {
        const token = newToken();
        await storeRequests(connection, [
          {
            ...base,
            kind: 'unsubscription',
            token,
            email: addressKey(address),
            mailbox: { address, displayName: '' },
            when: times.now,
            wishes: {},
          },
        ]);
        return token;
      },
      remove,
    },
  );
  return { subscriptions: subscriptions.changes, unsubscriptions: unsubscriptions.changes };
}

/** What somebody chose who asked Mailman 2.1 to join. */
export function wishesOf(
  { settings }: MailingList,
  person: { readonly digest: boolean; readonly language: string; readonly password: string },
): JoinWishes {
  return {
    deliveryMode: !person.digest
      ? 'regular'
      : settings.mime_is_default_digest
        ? 'mime_digests'
        : 'plaintext_digests',
    preferredLanguage: person.language === '' ? undefined : person.language,
    legacyPassword: person.password === '' ? undefined : person.password,
  };
}

function usable<T extends { readonly id: number; readonly address: string }>(
  held: readonly T[],
  notes: Notes,
): Wanted<T>[] {
  const found = held.filter(({ address }) => isUsableAddress(address));
  if (found.length < held.length)
    notes.needsPerson('requests', `${held.length - found.length} of addresses that are none; left out`);
  return found.map((item) => ({ sourceId: String(item.id), digest: digestOf(item), item }));
}
