import { expect } from 'vitest';
import { expectedPost, type WrittenPost } from './expected.ts';
import type { Letter } from './letter.ts';
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

/** A post of the newcomer lies in each mailbox once, byte for byte; so does an answer to it, which belongs to its thread. */
export async function postToAll(site: Site, people: ListPeople, subject: string): Promise<void> {
  const { list, newcomer, members } = people;
  const sender = (): string => list.replace('@', '-bounces@');
  const post = await writePost(newcomer, list, subject);
  const copies = await arrivesAtAll(site, people, subject, post, sender);
  const [answerer] = members;
  const [parent] = copies;
  if (!answerer || !parent) throw new Error('Nobody is there who answers');
  const text = '> .a line with a dot in front\nIndeed.\n';
  const messageId = await answerer.reply(parent, text, { to: list });
  const id = post.messageId;
  const answer = {
    ...{ from: answerer.address, sender: answerer.address, to: list, subject: `[Ant] Re: ${subject}` },
    ...{ messageId, fields: `In-Reply-To: ${id}\nReferences: ${id}\n`, text },
  };
  await arrivesAtAll(site, people, `Re: ${subject}`, answer, sender);
}

/** With VERP each copy is the same, byte for byte, with an envelope sender of its own, at which its bounces come back. */
export async function postWithVerp(site: Site, people: ListPeople, subject: string): Promise<void> {
  const { list, newcomer, members } = people;
  site.configure('[mta]\nverp_delivery_interval: 1');
  await site.restart();
  const post = await writePost(newcomer, list, subject);
  const verp = ({ address }: Person): string => list.replace('@', `-bounces+${address.replace('@', '=')}@`);
  const [copy] = await arrivesAtAll(site, people, subject, post, verp);
  await members[0]?.returns(verp(newcomer), copy?.text ?? '');
  await expect
    .poll(() => site.query('SELECT email FROM bounce_event'))
    .toEqual([{ email: newcomer.address }]);
  await site.settled();
}

async function writePost(author: Person, list: string, subject: string): Promise<WrittenPost> {
  const text = `Dear ants,\n\n.a line with a dot in front\nFrom here on: ${subject}.\n`;
  const messageId = await author.write({ to: list, subject, text });
  return {
    from: `${author.name} <${author.address}>`,
    sender: author.address,
    to: list,
    subject: `[Ant] ${subject}`,
    messageId,
    text,
  };
}

/** @returns the copies, that of the newcomer first */
async function arrivesAtAll(
  site: Site,
  { list, newcomer, members }: ListPeople,
  subject: string,
  post: WrittenPost,
  returnPath: (person: Person) => string,
): Promise<Letter[]> {
  const expected = expectedPost(list, post, FOOTER);
  const copies: Letter[] = [];
  for (const person of [newcomer, ...members]) {
    const letter = await person.next(subject);
    expect(letter.text).toBe(expected);
    expect(letter.returnPath).toBe(returnPath(person));
    copies.push(letter);
  }
  await site.settled();
  for (const person of [newcomer, ...members]) expect(person.unread()).toEqual([]);
  return copies;
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
