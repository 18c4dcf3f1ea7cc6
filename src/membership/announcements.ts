import type { Step } from '../flow/step.ts';
import { Message } from '../message/message.ts';
import { type MailingList, subAddress } from '../model/mailing-list.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { goodbye, memberJoined, memberLeft, welcome } from '../templates/notices/subscriptions.ts';
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
  const request = subAddress(list, 'request');
  for (let start = 0; start < people.length; start += PEOPLE_PER_STEP) {
    const lines = people.slice(start, start + PEOPLE_PER_STEP).map((person) => JSON.stringify(person));
    const entry = Message.of(
      [
        ['From', request],
        ['To', request],
        ['Subject', change === 'joined' ? 'Members to welcome' : 'Members to say goodbye to'],
        ['Content-Type', 'application/x-ndjson; charset=utf-8'],
        ['Content-Transfer-Encoding', '8bit'],
      ],
      `${lines.join('\n')}\n`,
    );
    await step.enqueue('command', entry.toBuffer(), {
      listid: list.listId,
      announcement: { change, to_person: toPerson, to_owners: toOwners },
    });
  }
}

/** What an entry of `announceLater` asks for. */
export interface AnnouncementOrder {
  readonly change: 'joined' | 'left';
  readonly to_person: boolean;
  readonly to_owners: boolean;
}

/** Writes the mails that an entry of `announceLater` stands for. */
export async function writeAnnouncement(
  step: Step,
  list: MailingList,
  message: Message,
  { change, to_person, to_owners }: AnnouncementOrder,
): Promise<void> {
  const joined = change === 'joined';
  for (const line of message.root.body.toString('utf8').split('\n')) {
    if (line.trim() === '') continue;
    const person = JSON.parse(line) as Person;
    if (to_person) {
      await sendNotice(
        step,
        joined ? welcome(list, { to: person, digest: person.digest }) : goodbye(list, person),
      );
    }
    if (to_owners) await sendNotice(step, joined ? memberJoined(list, person) : memberLeft(list, person));
  }
}
