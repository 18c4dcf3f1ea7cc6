import type { Connection } from '../database/handle.ts';
import { rosterEntry } from '../database/roster.ts';
import type { Mailbox } from '../model/email-address.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import type { Member } from '../model/member.ts';
import { offeredLanguage } from '../model/preferences.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import {
  goodbye,
  memberJoined,
  memberLeft,
  type Recipient,
  shown,
  welcome,
} from '../templates/notices/subscriptions.ts';

/** Somebody who joined or left, as notices need to know. */
export interface Person extends Recipient {
  readonly digest: boolean;
}

/** Who is told of a change; what is left out is as the list is set. */
export interface Announcing {
  readonly toPerson?: boolean | undefined;
  readonly toOwners?: boolean | undefined;
}

/** How the log says it. */
interface Whence {
  readonly whence: string;
}

/** A member as notices need to know; call it before a membership is removed. */
export async function personOf(connection: Connection, list: MailingList, member: Member): Promise<Person> {
  const entry = await rosterEntry(connection, member.memberId, list.settings.preferred_language);
  const { preferred_language, delivery_mode } = entry?.preferences ?? {};
  return {
    address: member.originalEmail,
    displayName: entry?.displayName ?? member.displayName,
    language: offeredLanguage(preferred_language ?? list.settings.preferred_language, list.settings),
    digest: delivery_mode !== undefined && delivery_mode !== 'regular',
  };
}

/** Logs that somebody joined, welcomes the person and tells the owners, as far as list and caller want it. */
export async function announceJoined(
  step: Step,
  list: MailingList,
  person: Person,
  { whence, ...wanted }: Announcing & Whence,
): Promise<void> {
  logJoined(step, list, person, whence);
  const { toPerson, toOwners } = settled(list, 'joined', wanted);
  if (toPerson) await sendNotice(step, welcome(list, { to: person, digest: person.digest }));
  if (toOwners) await sendNotice(step, memberJoined(list, person));
}

/** Logs that somebody left, says goodbye and tells the owners, as far as list and caller want it. */
export async function announceLeft(
  step: Step,
  list: MailingList,
  person: Person,
  { whence, ...wanted }: Announcing & Whence,
): Promise<void> {
  logLeft(step, list, person, whence);
  const { toPerson, toOwners } = settled(list, 'left', wanted);
  if (toPerson) await sendNotice(step, goodbye(list, person));
  if (toOwners) await sendNotice(step, memberLeft(list, person));
}

/** Who is told in the end. */
export function settled(
  { settings }: MailingList,
  change: 'joined' | 'left',
  { toPerson, toOwners }: Announcing,
): { readonly toPerson: boolean; readonly toOwners: boolean } {
  const usual = change === 'joined' ? settings.send_welcome_message : settings.send_goodbye_message;
  return { toPerson: toPerson ?? usual, toOwners: toOwners ?? settings.admin_notify_mchanges };
}

/** A line in the log `subscribe`, as Mailman 2.1 writes it. */
export function logJoined(step: Step, list: MailingList, person: Person, whence: string): void {
  const digest = person.digest ? ' (digest)' : '';
  step.log('subscribe', `${postingAddress(list)}: new${digest} ${shown(person)}, ${whence}`);
}

/** The same for somebody who left. */
export function logLeft(step: Step, list: MailingList, { address }: Mailbox, whence: string): void {
  const reason = whence === '' ? '' : `; ${whence}`;
  step.log('subscribe', `${postingAddress(list)}: deleted ${shown({ address, displayName: '' })}${reason}`);
}
