import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeSides } from '../../../compat/cutover/steps/hand-over.ts';
import { rollback } from '../../../compat/cutover/steps/rollback.ts';
import { numberOf, PyTuple } from '../../../migrate/pickle/values.ts';
import { handedOverOf } from '../../../src/database/handed-over.ts';
import { deleteMembers, updateMember } from '../../../src/database/members.ts';
import { changeAddress } from '../../../src/membership/change-address.ts';
import {
  Mailman2InChargeError,
  refuseChangeWhereMailman2InCharge,
} from '../../../src/membership/mailman2-in-charge.ts';
import { changeMemberDetails, changeMemberPreferences } from '../../../src/membership/preferences.ts';
import { changeOptions } from '../../../src/membership/workflow/option-change.ts';
import type { Preferences } from '../../../src/model/preferences.ts';
import { utcNow } from '../../../src/model/time.ts';
import { dict, text } from '../../peers/mailman2/list-file.ts';
import { CutoverBench, LIST } from './bench.ts';

const ANNE = 'anne@people.example';
const BART = 'bart@people.example';

let bench: CutoverBench;

beforeEach(async () => {
  bench = await CutoverBench.open([ANNE, BART], 'alongside');
  await changeSides(bench.context(), LIST, [ANNE], 'hand-over');
});

afterEach(() => bench.close());

const handBack = () => changeSides(bench.context(), LIST, [ANNE], 'hand-back');

async function prefer(change: Partial<Preferences>): Promise<void> {
  const { connection } = bench.database;
  await changeMemberPreferences(connection, await bench.member(ANNE), change, utcNow());
}

/** What Mailman 2 has of a member. */
function theirs(address: string) {
  const config = bench.theirs();
  const status = dict(config, 'delivery_status').get(address);
  const topics = dict(config, 'topics_userinterest').get(address);
  return {
    isRegular: dict(config, 'members').has(address),
    isDigest: dict(config, 'digest_members').has(address),
    options: numberOf(dict(config, 'user_options').get(address)) ?? 0,
    status: status instanceof PyTuple ? numberOf(status.items[0]) : 0,
    name: text(dict(config, 'usernames').get(address)),
    language: text(dict(config, 'language').get(address)),
    topics: Array.isArray(topics) ? topics.map(text) : [],
  };
}

/** All that a member can change here that Mailman 2.1 knows as well. */
async function changeEverything(): Promise<void> {
  const { connection } = bench.database;
  await prefer({ acknowledge_posts: true, hide_address: true, preferred_language: 'de' });
  await prefer({ receive_own_postings: false, receive_list_copy: false });
  await changeMemberDetails(connection, await bench.member(ANNE), {
    ...{ displayName: 'Änne\tBrøwn', topics: ['Releases', 'bugs & more'], receiveUnmatchedTopics: true },
  });
  await updateMember(connection, { ...(await bench.member(ANNE)), moderationAction: 'hold' });
  const change = { preferences: {}, reminders: false };
  await changeOptions(
    { connection, clock: bench.services.clock },
    await bench.list(),
    await bench.member(ANNE),
    change,
  );
}

const EVERYTHING = {
  // notmetoo, ack, hide, no reminders, nmtopics, mod, nodupes
  ...{ options: 2 + 4 + 16 + 32 + 64 + 128 + 256, name: 'Änne\tBrøwn', language: 'de' },
  ...{ topics: ['Releases', 'bugs & more'], isRegular: true, isDigest: false },
};

test('what a handed-over member has changed here is Mailman 2’s within seconds, and its delivery stays off', async () => {
  await changeEverything();
  await bench.keepMoving();
  expect(theirs(ANNE)).toEqual({ ...EVERYTHING, status: 3 });
  const before = await bench.member(ANNE);
  await bench.keepMoving();
  expect((await bench.follow()).kind).toBe('unchanged');
  expect(await bench.member(ANNE)).toEqual(before);
  expect(before).toMatchObject({ preferences: { delivery_status: 'enabled' }, moderationAction: 'hold' });
});

test('handed back, a member has there what was changed here', async () => {
  await changeEverything();
  await handBack();
  expect(theirs(ANNE)).toEqual({ ...EVERYTHING, status: 0 });
  expect(await handedOverOf(bench.database.connection, LIST)).toEqual([]);
  expect(await bench.member(ANNE)).toMatchObject({
    ...{ displayName: 'Änne\tBrøwn', topics: ['Releases', 'bugs & more'], moderationAction: 'hold' },
    preferences: { acknowledge_posts: true, preferred_language: 'de', delivery_status: 'enabled' },
  });
});

test('rolled back, the list has them all', async () => {
  await changeEverything();
  await rollback(bench.context(), LIST);
  expect(theirs(ANNE)).toEqual({ ...EVERYTHING, status: 0 });
  expect((await bench.cutover()).stage).toBe('legacy');
});

test.each([
  ['by_user', 2],
  ['by_moderator', 3],
  ['by_bounces', 4],
] as const)('delivery that is off here %s is off there so, and the member is back', async (status, code) => {
  await prefer({ delivery_status: status });
  await bench.keepMoving();
  expect(theirs(ANNE).status).toBe(3);
  await handBack();
  expect(theirs(ANNE).status).toBe(code);
  expect(await handedOverOf(bench.database.connection, LIST)).toEqual([]);
  await bench.follow();
  expect((await bench.member(ANNE)).preferences.delivery_status).toBe(status);
});

test.each([
  ['mime_digests', 0],
  ['plaintext_digests', 8],
] as const)('who wants %s gets them from Mailman 2, before the lead', async (delivery_mode, options) => {
  await prefer({ delivery_mode });
  await bench.keepMoving();
  expect(theirs(ANNE)).toMatchObject({ isRegular: false, isDigest: true, status: 0 });
  expect(theirs(ANNE).options & 8).toBe(options);
  expect(await handedOverOf(bench.database.connection, LIST)).toEqual([]);
  expect((await bench.member(ANNE)).preferences).toMatchObject({ delivery_mode, delivery_status: 'enabled' });
});

test('another address goes back, with all options, before and when the member does', async () => {
  await changeEverything();
  await changeAddress(bench.database.connection, ANNE, 'Anne.New@people.example');
  const now = 'anne.new@people.example';
  // Mailman 2 changes something meanwhile, and does not know the address yet.
  bench.mailman2.run('add_members', ['-r', '-', 'plain'], 'late@people.example');
  await bench.follow();
  expect((await bench.member(now)).displayName).toBe('Änne\tBrøwn');
  await expect(bench.member(ANNE)).rejects.toThrow('no member');
  await bench.keepMoving();
  expect(theirs(now)).toEqual({ ...EVERYTHING, status: 3 });
  expect(text(dict(bench.theirs(), 'members').get(now))).toBe('Anne.New@people.example');
  expect(theirs(ANNE)).toMatchObject({ isRegular: false, isDigest: false });
  await changeSides(bench.context(), LIST, [now], 'hand-back');
  expect(theirs(now)).toEqual({ ...EVERYTHING, status: 0 });
  expect((await bench.member(now)).originalEmail).toBe('Anne.New@people.example');
});

test('of what both have changed, this side counts; else the one that has changed it', async () => {
  const { connection } = bench.database;
  await changeMemberDetails(connection, await bench.member(ANNE), { displayName: 'Anne here' });
  bench.mailman2.run(
    'withlist',
    ['-q', '-l', '-r', 'ferryman_handover.change', 'plain'],
    [`${ANNE}\tname=Anne%20there\tack=on\tlanguage=ja`, 'end', ''].join('\n'),
  );
  await bench.follow();
  expect(await bench.member(ANNE)).toMatchObject({
    displayName: 'Anne here',
    preferences: { acknowledge_posts: true, preferred_language: 'ja', delivery_status: 'enabled' },
  });
  await bench.keepMoving();
  expect(theirs(ANNE)).toMatchObject({ name: 'Anne here', options: 4, language: 'ja', status: 3 });
});

test('who has left here a moment before the list is rolled back is no member there', async () => {
  await deleteMembers(bench.database.connection, [(await bench.member(ANNE)).memberId]);
  await rollback(bench.context(), LIST);
  expect(theirs(ANNE)).toMatchObject({ isRegular: false, isDigest: false });
  expect([...dict(bench.theirs(), 'members').keys].map(text)).toEqual([BART]);
});

test('an action that Mailman 2 has no word for stays, until Mailman 2 is told otherwise', async () => {
  const { connection } = bench.database;
  await updateMember(connection, { ...(await bench.member(ANNE)), moderationAction: 'discard' });
  await bench.keepMoving();
  expect(theirs(ANNE).options).toBe(128);
  expect((await bench.member(ANNE)).moderationAction).toBe('discard');
  bench.mailman2.run(
    'withlist',
    ['-q', '-l', '-r', 'ferryman_handover.change', 'plain'],
    `${ANNE}\tmod=off\nend\n`,
  );
  await bench.follow();
  expect((await bench.member(ANNE)).moderationAction).toBe('defer');
});

test('what Mailman 2 does not take is told once, not again and again', async () => {
  const { connection } = bench.database;
  await changeMemberDetails(connection, await bench.member(ANNE), { displayName: 'Anne here' });
  // A Mailman 2 whose script does nothing.
  const tool = join(bench.mailman2.binDir, 'withlist');
  const works = readFileSync(tool);
  writeFileSync(tool, '#!/bin/sh\necho ready\ncat >/dev/null\n');
  await bench.keepMoving();
  await bench.keepMoving();
  const told = bench.services.logged.filter(({ line }) => line.includes('have at Mailman 2 what'));
  expect(told).toHaveLength(1);
  // But once more when it matters.
  writeFileSync(tool, works);
  await handBack();
  expect(theirs(ANNE)).toMatchObject({ name: 'Anne here', status: 0 });
});

test('while members change sides, nothing of them is changed here', async () => {
  const member = await bench.member(ANNE);
  const changing = JSON.stringify({ way: 'hand-back', keys: [ANNE] });
  await bench.database.connection('cutover').update({ handing_over: 1, changing });
  const refused = refuseChangeWhereMailman2InCharge(bench.database.connection, member);
  await expect(refused).rejects.toThrow(Mailman2InChargeError);
  await expect(refused).rejects.toThrow('try again in a minute');
});

test('nobody gets another address here whose address is Mailman 2’s', async () => {
  const move = changeAddress(bench.database.connection, BART, 'bart.new@people.example');
  await expect(move).rejects.toThrow(Mailman2InChargeError);
});
