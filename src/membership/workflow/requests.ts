import type { Connection } from '../../database/handle.ts';
import {
  deletePending,
  findPending,
  insertAllPending,
  insertPending,
  type Pending,
  pendingOf,
} from '../../database/pending.ts';
import { addressKey, type Mailbox } from '../../model/email-address.ts';
import type { DeliveryMode, DeliveryStatus } from '../../model/enums.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { laterBy, type UtcTime } from '../../model/time.ts';
import { newToken } from '../../model/token.ts';
import type { Step } from '../../queue/step.ts';

export const requestKinds = ['subscription', 'unsubscription'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Who has to act next. `no_one` is a request that is through; no stored one is. */
export const tokenOwners = ['no_one', 'subscriber', 'moderator'] as const;
export type TokenOwner = Exclude<(typeof tokenOwners)[number], 'no_one'>;

/** What somebody who joins wishes, and what is settled already. */
export interface JoinWishes {
  /** The user who joins with whatever address is preferred; absent where an address joins. */
  readonly userId?: string | undefined;
  readonly deliveryMode?: DeliveryMode | undefined;
  readonly deliveryStatus?: DeliveryStatus | undefined;
  readonly invitation?: boolean | undefined;
  readonly preApproved?: boolean | undefined;
  /** Overrides the list's send_welcome_message. */
  readonly sendWelcome?: boolean | undefined;
  readonly preferredLanguage?: string | undefined;
  /** In clear, of whoever chose one when joining under Mailman 2.1: for the first login. */
  readonly legacyPassword?: string | undefined;
}

/** A request to join or to leave that waits: for an answer of the subscriber, or for a moderator. */
export interface MembershipRequest {
  readonly kind: RequestKind;
  /** 40 hex digits, new at each step. */
  readonly token: string;
  readonly tokenOwner: TokenOwner;
  readonly listId: string;
  /** The key of the address. */
  readonly email: string;
  readonly mailbox: Mailbox;
  /** When it began to wait for whom it waits for now. */
  readonly when: UtcTime;
  readonly expiresAt: UtcTime;
  /** For those who join. */
  readonly wishes: JoinWishes;
}

/** Which requests; what is left out does not restrict. */
export interface RequestFilter {
  readonly kind?: RequestKind | undefined;
  readonly tokenOwner?: TokenOwner | undefined;
  readonly email?: string | undefined;
}

/** A request before it has a token. */
export type NewRequest = Pick<MembershipRequest, 'kind' | 'tokenOwner' | 'mailbox'> & {
  readonly wishes?: JoinWishes;
};

/** Stores a request under a new token, which lives as long as the configuration gives its owner time. */
export async function openRequest(
  step: Step,
  list: MailingList,
  request: NewRequest,
): Promise<MembershipRequest> {
  const opened = withToken(step, list, request);
  await insertPending(step.connection, toPending(opened));
  return opened;
}

/** The same for many. @returns them in the same order */
export async function openRequests(
  step: Step,
  list: MailingList,
  requests: readonly NewRequest[],
): Promise<MembershipRequest[]> {
  const opened = requests.map((request) => withToken(step, list, request));
  await insertAllPending(step.connection, opened.map(toPending));
  return opened;
}

/** Stores requests that have a token already, such as those of another server. */
export async function storeRequests(
  connection: Connection,
  requests: readonly MembershipRequest[],
): Promise<void> {
  await insertAllPending(connection, requests.map(toPending));
}

function withToken(step: Step, list: MailingList, request: NewRequest): MembershipRequest {
  const { pending_request_life, moderator_request_life } = step.config.mailman;
  const now = step.clock.now();
  const life = request.tokenOwner === 'moderator' ? moderator_request_life : pending_request_life;
  return {
    ...request,
    wishes: request.wishes ?? {},
    token: newToken(),
    listId: list.listId,
    email: addressKey(request.mailbox.address),
    when: now,
    expiresAt: laterBy(now, life),
  };
}

/** The requests that wait on a list, oldest first. */
export async function membershipRequests(
  connection: Connection,
  listId: string,
  filter: RequestFilter,
  now: UtcTime,
): Promise<MembershipRequest[]> {
  const { kind, email } = filter;
  const kinds = kind === undefined ? requestKinds : [kind];
  const found: MembershipRequest[] = [];
  for (const each of kinds) {
    const rows = await pendingOf(
      connection,
      listId,
      { kind: each, ...(email === undefined ? {} : { email }) },
      now,
    );
    found.push(...rows.flatMap((row) => fromPending(row) ?? []));
  }
  return found
    .filter(({ tokenOwner }) => filter.tokenOwner === undefined || tokenOwner === filter.tokenOwner)
    .sort((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : 0));
}

/** The request that a token stands for; undefined where it is none, is unknown or has expired. */
export async function findRequest(
  connection: Connection,
  token: string,
  now: UtcTime,
): Promise<MembershipRequest | undefined> {
  const pending = await findPending(connection, token.toLowerCase(), now);
  return pending && fromPending(pending);
}

/** Ends a request. @returns false where somebody else did so before */
export async function closeRequest(connection: Connection, { token }: MembershipRequest): Promise<boolean> {
  return deletePending(connection, token);
}

/** The stored form, by names that are also Mailman's. */
interface StoredData {
  readonly token_owner: TokenOwner;
  readonly address: string;
  readonly display_name: string;
  readonly user_id?: string | undefined;
  readonly delivery_mode?: DeliveryMode | undefined;
  readonly delivery_status?: DeliveryStatus | undefined;
  readonly invitation?: boolean | undefined;
  readonly pre_approved?: boolean | undefined;
  readonly send_welcome_message?: boolean | undefined;
  readonly preferred_language?: string | undefined;
  readonly legacy_password?: string | undefined;
}

function toPending(request: MembershipRequest): Pending {
  const { mailbox, wishes } = request;
  const data: StoredData = {
    token_owner: request.tokenOwner,
    address: mailbox.address,
    display_name: mailbox.displayName,
    user_id: wishes.userId,
    delivery_mode: wishes.deliveryMode,
    delivery_status: wishes.deliveryStatus,
    invitation: wishes.invitation,
    pre_approved: wishes.preApproved,
    send_welcome_message: wishes.sendWelcome,
    preferred_language: wishes.preferredLanguage,
    legacy_password: wishes.legacyPassword,
  };
  return {
    token: request.token,
    listId: request.listId,
    kind: request.kind,
    email: request.email,
    data: { ...data },
    createdAt: request.when,
    expiresAt: request.expiresAt,
  };
}

function fromPending(pending: Pending): MembershipRequest | undefined {
  const { kind, listId } = pending;
  if (listId === null || (kind !== 'subscription' && kind !== 'unsubscription')) return undefined;
  const data = pending.data as unknown as StoredData;
  return {
    kind,
    token: pending.token,
    tokenOwner: data.token_owner,
    listId,
    email: pending.email,
    mailbox: { address: data.address, displayName: data.display_name },
    when: pending.createdAt,
    expiresAt: pending.expiresAt,
    wishes: {
      userId: data.user_id,
      deliveryMode: data.delivery_mode,
      deliveryStatus: data.delivery_status,
      invitation: data.invitation,
      preApproved: data.pre_approved,
      sendWelcome: data.send_welcome_message,
      preferredLanguage: data.preferred_language,
      legacyPassword: data.legacy_password,
    },
  };
}
