import type { Connection } from '../database/handle.ts';
import { recipientPeople } from '../database/recipients.ts';
import type { Step } from '../flow/step.ts';
import { addressKey, type Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { offeredLanguage } from '../model/preferences.ts';
import { type Announcing, logJoined, logLeft, type Person } from './announce.ts';
import { announceLater } from './announcements.ts';
import { type SubscribeOptions, type SubscribeOutcome, subscribe } from './subscribe.ts';
import { unsubscribe } from './unsubscribe.ts';
import { RequestRefused } from './workflow/refusal.ts';
import { subscribeRequest } from './workflow/subscription.ts';

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
  const outcomes: InviteOutcome[] = [];
  for (const mailbox of mailboxes) outcomes.push(await invite(step, list, mailbox, options));
  return outcomes;
}

async function invite(
  step: Step,
  list: MailingList,
  mailbox: Mailbox,
  { toPerson, ...options }: Parameters<typeof inviteMembers>[3],
): Promise<InviteOutcome> {
  try {
    await subscribeRequest(step, list, { mailbox }, { ...options, invitation: true, sendWelcome: toPerson });
    return 'invited';
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    switch (error.reason) {
      case 'already_member':
        return 'already';
      case 'banned':
      case 'pending':
      case 'posting_address':
        return error.reason;
      case 'invalid_address':
        return 'invalid';
      default:
        throw error;
    }
  }
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
