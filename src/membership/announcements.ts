import { Message } from '../message/message.ts';
import { type MailingList, subAddress } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';
import type { Notice } from '../templates/notice.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import {
  goodbye,
  invitation,
  memberJoined,
  memberLeft,
  welcome,
} from '../templates/notices/subscriptions.ts';
import { type Announcing, type Person, settled } from './announce.ts';

/** Mails for this many people are written in one step; a mail takes about a millisecond, in which others wait. */
const PEOPLE_PER_STEP = 50;

/**
 * Has many people welcomed or said goodbye to, and the owners told, once the transaction is committed: entries in the
 * queue `command` hold their names, and `writeAnnouncement` writes the mails.
 */
export async function announceLater(
  step: Step,
  list: MailingList,
  change: 'joined' | 'left',
  people: readonly Person[],
  wanted: Announcing,
): Promise<void> {
  const { toPerson, toOwners } = settled(list, change, wanted);
  if (!toPerson && !toOwners) return;
  await enqueuePeople(step, list, people, { change, to_person: toPerson, to_owners: toOwners });
}

/** Somebody who is invited, and the token that an answer brings back. */
export interface Invited extends Person {
  readonly token: string;
}

/** Has many people invited in the same way. */
export async function inviteLater(step: Step, list: MailingList, people: readonly Invited[]): Promise<void> {
  await enqueuePeople(step, list, people, { change: 'invited', to_person: true, to_owners: false });
}

const SUBJECTS = {
  joined: 'Members to welcome',
  left: 'Members to say goodbye to',
  invited: 'People to invite',
} as const;

async function enqueuePeople(
  step: Step,
  list: MailingList,
  people: readonly Person[],
  announcement: AnnouncementOrder,
): Promise<void> {
  const request = subAddress(list, 'request');
  for (let start = 0; start < people.length; start += PEOPLE_PER_STEP) {
    const lines = people.slice(start, start + PEOPLE_PER_STEP).map((person) => JSON.stringify(person));
    const entry = Message.of(
      [
        ['From', request],
        ['To', request],
        ['Subject', SUBJECTS[announcement.change]],
        ['Content-Type', 'application/x-ndjson; charset=utf-8'],
        ['Content-Transfer-Encoding', '8bit'],
      ],
      `${lines.join('\n')}\n`,
    );
    await step.enqueue('command', entry.toBuffer(), { listid: list.listId, announcement });
  }
}

/** What an entry of `announceLater` or `inviteLater` asks for. */
export interface AnnouncementOrder {
  readonly change: keyof typeof SUBJECTS;
  readonly to_person: boolean;
  readonly to_owners: boolean;
}

/** Writes the mails that such an entry stands for. */
export async function writeAnnouncement(
  step: Step,
  list: MailingList,
  message: Message,
  { change, to_person, to_owners }: AnnouncementOrder,
): Promise<void> {
  for (const line of message.root.body.toString('utf8').split('\n')) {
    if (line.trim() === '') continue;
    const person = JSON.parse(line) as Invited;
    if (to_person) await sendNotice(step, personalNotice(list, change, person));
    if (to_owners)
      await sendNotice(step, change === 'joined' ? memberJoined(list, person) : memberLeft(list, person));
  }
}

function personalNotice(list: MailingList, change: AnnouncementOrder['change'], person: Invited): Notice {
  switch (change) {
    case 'joined':
      return welcome(list, { to: person, digest: person.digest });
    case 'left':
      return goodbye(list, person);
    case 'invited':
      return invitation(list, { to: person, token: person.token });
  }
}
