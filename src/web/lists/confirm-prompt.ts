import { findHeldMessage } from '../../database/held-messages.ts';
import { findMembers } from '../../database/members.ts';
import { migratedItems } from '../../database/migrated-items.ts';
import { findPending, type Pending } from '../../database/pending.ts';
import { findRequest } from '../../membership/workflow/requests.ts';
import type { DoorVisit } from './list-door.ts';

/** What a token of a mail would do. */
export interface Prompt {
  readonly kind: 'join' | 'leave' | 'address' | 'options' | 'delivery' | 'post';
  readonly pending: Pending;
  /** Whom it is about. */
  readonly email: string;
  /** The new address, or the subject of the post. */
  readonly detail?: string | undefined;
}

const TOKEN = /^[0-9a-f]{40}$/;

/** What a token stands for on this list; undefined for one that is unknown, used up, expired, or not for its reader. */
export async function promptOf(visit: DoorVisit, token: string): Promise<Prompt | undefined> {
  const { services, list } = visit;
  const { connection } = services.database;
  const now = services.clock.now();
  const wanted = token.toLowerCase();
  const pending = TOKEN.test(wanted) ? await findPending(connection, wanted, now) : undefined;
  if (pending?.listId !== list.listId) return undefined;
  const { data, email } = pending;
  switch (pending.kind) {
    case 'subscription':
    case 'unsubscription': {
      const request = await findRequest(connection, wanted, now);
      if (request?.tokenOwner !== 'subscriber') return undefined;
      return {
        kind: request.kind === 'subscription' ? 'join' : 'leave',
        pending,
        email: request.mailbox.address,
      };
    }
    case 'change_address':
      return { kind: 'address', pending, email, detail: String(data.new_address) };
    case 'change_options':
    case 're_enable': {
      const members = await findMembers(connection, list.listId, 'member', [email]);
      const kind = pending.kind === 're_enable' ? 'delivery' : 'options';
      return members.has(email) ? { kind, pending, email } : undefined;
    }
    case 'held_message': {
      const held = await findHeldMessage(connection, list.listId, Number(data.request_id));
      return held && { kind: 'post', pending, email: held.sender, detail: held.subject };
    }
    case 'probe':
      return undefined;
  }
}

/** Whether a token is Mailman 2's own to carry out: it gave it out, and still runs the list. */
export async function isMailman2sToken(
  { isMailman2s, services, list }: DoorVisit,
  token: string,
): Promise<boolean> {
  if (!isMailman2s) return false;
  return (await migratedItems(services.database.connection, list.listId, 'pending')).has(token.toLowerCase());
}
