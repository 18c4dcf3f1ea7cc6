import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertBans } from '../../src/database/bans.ts';
import { replaceHeaderMatches } from '../../src/database/header-matches.ts';
import { heldMessagesOf } from '../../src/database/held-messages.ts';
import { hashPassword } from '../../src/membership/passwords.ts';
import type { HeaderMatch } from '../../src/model/header-match.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';

/** Expected decisions are those of traffic cases 011, 012, 055, 074, 082, 131, 137, 138 and 155 of Mailman 2.1. */

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.set({
    owner_chain: 'mailman21-owner-chain',
    posting_chain: 'mailman21-posting-chain',
    default_nonmember_action: 'reject',
  });
  await bench.join(['anne@example.com']);
});

afterEach(() => bench.close());

async function decision(text: string, metadata = {}): Promise<string | undefined> {
  const before = bench.services.logged.length;
  await bench.post(text, metadata);
  const lines = bench.services.logged.slice(before).map(({ line }) => line);
  return lines.find((line) => /^[A-Z]+:/.test(line))?.split(':')[0];
}

async function filters(...matches: readonly Pick<HeaderMatch, 'pattern' | 'action'>[]): Promise<void> {
  const all = matches.map((match) => ({ header: 'x-mailer', tag: null, ...match }));
  await replaceHeaderMatches(bench.database.connection, 'ant.example.com', all);
}

async function lastHeld() {
  return (await heldMessagesOf(bench.database.connection, 'ant.example.com')).at(-1);
}

test.each([
  ['without a subject', { Subject: null }],
  ['with an empty subject', { Subject: '' }],
  ['with the List-Id of the list', { 'List-Id': '<ant.example.com>' }],
])('a post %s is accepted', async (_, headers) => {
  expect(await decision(mail(headers))).toBe('ACCEPT');
});

test('X-BeenThere of the list is a loop, also with the password of the list', async () => {
  await bench.set({ admin_password: await hashPassword('secret') });
  const headers = { 'X-BeenThere': 'Ant@example.com', Approved: 'secret' };
  expect(await decision(mail(headers))).toBe('DISCARD');
});

test('a ban is about joining: posts are treated as those of any nonmember', async () => {
  await insertBans(bench.database.connection, [{ listId: 'ant.example.com', email: 'spam@example.net' }]);
  expect(await decision(mail({ From: 'spam@example.net' }))).toBe('REJECT');
});

test('the first header filter that matches decides, and accept only ends the filtering', async () => {
  await filters({ pattern: 'Good', action: 'accept' }, { pattern: 'Bulk', action: 'discard' });
  expect(await decision(mail({ 'X-Mailer': 'Bulk' }))).toBe('DISCARD');
  expect(await decision(mail({ 'X-Mailer': 'Good Bulk' }))).toBe('ACCEPT');
  expect(await decision(mail({ From: 'zed@example.net', 'X-Mailer': 'Good' }))).toBe('REJECT');
});

test('header filters come before the password of the list, which never stays in the post', async () => {
  await bench.set({ admin_password: await hashPassword('secret') });
  await filters({ pattern: 'Bulk', action: 'hold' });
  const text = mail({ 'X-Mailer': 'Bulk', Approved: 'secret' }, 'Approved: secret\n\nHello.\n');
  expect(await decision(text)).toBe('HOLD');
  expect((await lastHeld())?.content.toString('latin1')).not.toContain('secret');
  expect(await decision(mail({ From: 'zed@example.net', Approved: 'secret' }))).toBe('ACCEPT');
});

test('one reason is given for a post that is held', async () => {
  await bench.set({ emergency: true });
  expect(await decision(mail({ To: 'x@example.net', Subject: 'help' }))).toBe('HOLD');
  expect((await lastHeld())?.reasons).toEqual(['Message contains administrivia']);
  expect(await decision(mail())).toBe('HOLD');
  expect((await lastHeld())?.reasons).toEqual(['Emergency moderation is in effect for this list']);
});

test.each([
  ['discard', 'DISCARD'],
  ['reject', 'DISCARD'],
  ['hold', 'OWNER'],
  ['accept', 'OWNER'],
] as const)('mail to the owners that a filter wants to %s: %s', async (action, expected) => {
  await filters({ pattern: 'Bulk', action });
  const toOwner = { to_list: false, to_owner: true };
  expect(await decision(mail({ 'X-Mailer': 'Bulk' }), toOwner)).toBe(expected);
  expect(await decision(mail(), toOwner)).toBe('OWNER');
});
