import type { Connection } from '../database/handle.ts';
import { recipientPeople } from '../database/recipients.ts';
import type { Address } from '../model/address.ts';
import { addressKey, type Mailbox } from '../model/email-address.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { offeredLanguage } from '../model/preferences.ts';
import type { Step } from '../queue/step.ts';
import { shown } from '../templates/notices/subscriptions.ts';
import { type Announcing, logJoined, logLeft, type Person } from './announce.ts';
import { announceLater, inviteLater } from './announcements.ts';
import { refuseWhereMailman2InCharge } from './mailman2-in-charge.ts';
import { ensureAddresses } from './people.ts';
import { judgeSubscriptions, type SubscribeOptions, type SubscribeOutcome, subscribe } from './subscribe.ts';
import { unsubscribe } from './unsubscribe.ts';
import { membershipRequests, openRequests } from './workflow/requests.ts';

/** What mass changes say to whom, and from where they come, for the log. */
export interface MassOptions extends Announcing {
  readonly whence: string;
}

/** Subscribes many at once, whatever the policy, and has those welcomed who are members now. */
export async function addMembers(
  step: Step,
  list: MailingList,
  mailboxes: readonly Mailbox[],
  { whence, ...options }: Omit<SubscribeOptions, 'role'> & MassOptions,
): Promise<SubscribeOutcome[]> {
  const { connection } = step;
  const outcomes = await subscribe(
    connection,
    list,
    mailboxes,
    { ...options, role: 'member' },
    step.clock.now(),
  );
  const added = mailboxes.filter((_, index) => outcomes[index] === 'subscribed');
  const digest = options.deliveryMode !== undefined && options.deliveryMode !== 'regular';
  const people = await peopleOf(connection, list, added, digest);
  for (const person of people) logJoined(step, list, person, whence);
  await announceLater(step, list, 'joined', people, options);
  return outcomes;
}

/**
 * Removes many members at once, whatever the policy, and has goodbye said to them.
 * @returns for each address whether it was there
 */
export async function removeMembers(
  step: Step,
  list: MailingList,
  mailboxes: readonly Mailbox[],
  { whence, ...options }: MassOptions,
): Promise<boolean[]> {
  const { connection } = step;
  const people = await peopleOf(connection, list, mailboxes, false);
  const were = await unsubscribe(
    connection,
    list,
    'member',
    mailboxes.map(({ address }) => address),
  );
  const left = people.filter((_, index) => were[index]);
  for (const person of left) logLeft(step, list, person, whence);
  await announceLater(step, list, 'left', left, options);
  return were;
}

/** What became of an invitation. */
export type InviteOutcome = SubscribeOutcome | 'invited' | 'pending';

/** Invites many: each gets a mail, and joins by answering it, whatever the policy. */
export async function inviteMembers(
  step: Step,
  list: MailingList,
  mailboxes: readonly Mailbox[],
  options: Pick<SubscribeOptions, 'deliveryMode' | 'deliveryStatus'> &
    Pick<MassOptions, 'toPerson' | 'whence'>,
): Promise<InviteOutcome[]> {
  const { connection, clock } = step;
  await refuseWhereMailman2InCharge(connection, list);
  const judged = await judgeSubscriptions(connection, list, mailboxes, 'member');
  const requests = await membershipRequests(connection, list.listId, { kind: 'subscription' }, clock.now());
  const waiting = new Set(requests.map(({ email }) => email));
  const outcomes = mailboxes.map(({ address }, index): InviteOutcome => {
    const outcome = judged[index] ?? 'invalid';
    if (outcome !== 'subscribed') return outcome;
    return waiting.has(addressKey(address)) ? 'pending' : 'invited';
  });
  const invited = mailboxes.filter((_, index) => outcomes[index] === 'invited');
  const addresses = await ensureAddresses(connection, invited, null, clock.now());
  const { toPerson, deliveryMode, deliveryStatus } = options;
  const wishes = { deliveryMode, deliveryStatus, invitation: true, preApproved: true, sendWelcome: toPerson };
  const opened = await openRequests(
    step,
    list,
    invited.map((mailbox) => ({ kind: 'subscription', tokenOwner: 'subscriber', mailbox, wishes })),
  );
  await inviteLater(
    step,
    list,
    opened.map(({ mailbox, token, email }) => ({
      ...mailbox,
      ...languageOf(list, addresses.get(email)),
      digest: false,
      token,
    })),
  );
  for (const { mailbox } of opened)
    step.log('subscribe', `${postingAddress(list)}: pending ${shown(mailbox)}  ${options.whence}`);
  return outcomes;
}

function languageOf(list: MailingList, address: Address | undefined): { readonly language?: string } {
  const preferred = address?.preferences.preferred_language ?? null;
  return preferred === null ? {} : { language: offeredLanguage(preferred, list.settings) };
}

async function peopleOf(
  connection: Connection,
  list: MailingList,
  mailboxes: readonly Mailbox[],
  digest: boolean,
): Promise<Person[]> {
  const keys = mailboxes.map(({ address }) => addressKey(address));
  const known = await recipientPeople(connection, list.listId, keys);
  return mailboxes.map(({ address, displayName }, index) => {
    const person = known.get(keys[index] ?? '');
    const language = person?.language;
    return {
      address,
      displayName: person?.displayName ?? displayName,
      ...(language ? { language: offeredLanguage(language, list.settings) } : {}),
      digest,
    };
  });
}
