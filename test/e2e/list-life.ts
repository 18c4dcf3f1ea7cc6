import { expect } from 'vitest';
import { expectedPost } from './expected.ts';
import type { Person } from './person.ts';
import type { Site } from './site.ts';

/** The footer that `prepareList` sets up. */
export const FOOTER = '-- \nThe ants\n';

export interface ListPeople {
  readonly list: string;
  /** Who joins and leaves by mail. */
  readonly newcomer: Person;
  /** Who are members all the time, with mailboxes. */
  readonly members: readonly Person[];
}

/** Makes a list with members, an owner, and a footer in a file. */
export function prepareList(site: Site, list: string, members: readonly string[]): void {
  site.mailman('create', '-o', 'owen@people.example', list);
  site.addMembers(list, 'regular', ...members.map((localPart) => `${localPart}@people.example`));
  site.writeTemplate('site/en/list:member:regular:footer.txt', FOOTER);
}

/** Joins by mail: the answer to the confirmation, as a mail client writes it, makes somebody a member. */
export async function joinByMail(site: Site, { list, newcomer }: ListPeople): Promise<void> {
  await newcomer.write({ to: list.replace('@', '-join@') });
  const confirmation = await newcomer.next('Your confirmation is needed to join');
  expect(confirmation.header('From')).toMatch(/^ant-confirm\+[0-9a-f]{40}@/);
  expect(confirmation.returnPath).toBe(list.replace('@', '-bounces@'));
  await newcomer.reply(confirmation);
  const welcome = await newcomer.next('Welcome to the "Ant" mailing list');
  expect(welcome.body).toContain(newcomer.address);
  expect(membersOf(site, list)).toContain(newcomer.address);
}

/** A post of the newcomer lies in each mailbox once, byte for byte. */
export async function postToAll(
  site: Site,
  { list, newcomer, members }: ListPeople,
  subject: string,
): Promise<void> {
  const text = `Dear ants,\n\n.a line with a dot in front\nFrom here on: ${subject}.\n`;
  const messageId = await newcomer.write({ to: list, subject, text });
  const expected = expectedPost(
    list,
    {
      from: `${newcomer.name} <${newcomer.address}>`,
      sender: newcomer.address,
      to: list,
      subject: `[Ant] ${subject}`,
      messageId,
      text,
    },
    FOOTER,
  );
  for (const person of [newcomer, ...members]) {
    const letter = await person.next(subject);
    expect(letter.text).toBe(expected);
    expect(letter.returnPath).toBe(list.replace('@', '-bounces@'));
  }
  await site.settled();
  for (const person of [newcomer, ...members]) expect(person.unread()).toEqual([]);
}

/** Leaves by mail; posts reach the others then, and only them. */
export async function leaveByMail(site: Site, { list, newcomer, members }: ListPeople): Promise<void> {
  await newcomer.write({ to: list.replace('@', '-leave@') });
  await newcomer.reply(await newcomer.next('Your confirmation is needed to leave'));
  await newcomer.next('You have been unsubscribed from the Ant mailing list');
  expect(membersOf(site, list)).not.toContain(newcomer.address);
  const [writer] = members;
  await writer?.write({ to: list, subject: 'after you left', text: 'Gone.\n' });
  for (const person of members) await person.next('after you left');
  await site.settled();
  for (const person of [newcomer, ...members]) expect(person.unread()).toEqual([]);
}

/** Mail to a list that does not exist is refused while the sender waits. */
export async function refusesUnknown({ list, newcomer }: ListPeople): Promise<void> {
  for (const address of [list.replace('ant', 'bee'), list.replace('@', '-nothing@')]) {
    await expect(newcomer.write({ to: address, subject: 'anybody?' })).rejects.toMatchObject({
      responseCode: 550,
    });
  }
}

function membersOf(site: Site, list: string): string[] {
  return site.mailman('members', '-e', list).trim().split('\n');
}
