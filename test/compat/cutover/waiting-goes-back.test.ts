import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeSides } from '../../../compat/cutover/steps/hand-over.ts';
import { rollback } from '../../../compat/cutover/steps/rollback.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { numberOf, PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { moveStage } from '../../../src/database/cutover.ts';
import { heldMessagesOf, insertHeldMessage } from '../../../src/database/held-messages.ts';
import { findPending, pendingOf } from '../../../src/database/pending.ts';
import { confirmToken } from '../../../src/membership/workflow/confirm.ts';
import { type MembershipRequest, storeRequests } from '../../../src/membership/workflow/requests.ts';
import type { Stage } from '../../../src/model/cutover.ts';
import { laterBy, utcNow } from '../../../src/model/time.ts';
import { newToken } from '../../../src/model/token.ts';
import { runStep } from '../../../src/queue/enqueue.ts';
import { takeCommand } from '../../peers/mailman2/commands.ts';
import { changeList, dict, readList, text } from '../../peers/mailman2/list-file.ts';
import { CutoverBench, LIST } from './bench.ts';

const ANNE = 'anne@people.example';
const BART = 'bart@people.example';
const ZOE = 'zoe@people.example';

const SUBSCRIPTION = 2;
const UNSUBSCRIPTION = 3;

let bench: CutoverBench;

afterEach(() => bench.close());

async function move(to: Stage): Promise<void> {
  const { stage: from } = await bench.cutover();
  await moveStage(bench.database.connection, LIST, { from, to, now: utcNow() });
}

/** What this server keeps of somebody's wish. @returns its token */
async function ask(
  kind: MembershipRequest['kind'],
  tokenOwner: MembershipRequest['tokenOwner'],
  address: string,
): Promise<string> {
  const when = utcNow();
  const token = newToken();
  const mailbox = { address, displayName: '' };
  const expiresAt = laterBy(when, 86_400);
  const request = {
    kind,
    tokenOwner,
    token,
    listId: LIST,
    email: address,
    mailbox,
    when,
    expiresAt,
    wishes: {},
  };
  await storeRequests(bench.database.connection, [request]);
  return token;
}

/** A mail to one of Mailman 2's addresses for commands. */
async function writeToMailman2(from: string, subject: string, flag: string): Promise<void> {
  const message = `From: ${from}\r\nTo: plain-${flag}@lists.example.com\r\nSubject: ${subject}\r\n\r\n`;
  const metadata = new PyDict([[flag, 1]]);
  await changeList(bench.mailman2.varDir, 'plain', (open) =>
    takeCommand(open, { path: '', message, metadata }),
  );
}

/** That Mailman 2 has given out, or knows from here. */
function tokensOfMailman2(): string[] {
  const path = join(bench.mailman2.varDir, 'lists', 'plain', 'pending.pck');
  const pending = readPickle(readFileSync(path));
  if (!(pending instanceof PyDict)) throw new Error('pending.pck is no dictionary');
  return pending.keys.map(text).filter((token) => token !== 'evictions' && token !== 'version');
}

/** Requests at Mailman 2 of one kind, as their addresses. */
function requestsOfMailman2(kind: number): string[] {
  const { requests } = readList(bench.mailman2.varDir, 'plain');
  return [...requests].flatMap(([, entry]) => {
    if (!(entry instanceof PyTuple) || numberOf(entry.items[0]) !== kind) return [];
    const data = entry.items[1];
    return [text(data instanceof PyTuple ? data.items[1] : data)];
  });
}

const membersOfMailman2 = (): string[] => dict(bench.theirs(), 'members').keys.map(text).sort();

/** Requests here that wait for a moderator. */
async function requestsHere(kind: MembershipRequest['kind']): Promise<string[]> {
  const found = await pendingOf(bench.database.connection, LIST, { kind }, utcNow());
  return found.filter(({ data }) => data.token_owner === 'moderator').map(({ email }) => email);
}

async function heldHere(): Promise<string[]> {
  return (await heldMessagesOf(bench.database.connection, LIST)).map(({ subject }) => subject).sort();
}

async function holdHere(subject: string): Promise<void> {
  await insertHeldMessage(bench.database.connection, {
    ...{ listId: LIST, messageId: `<${subject}@x>`, sender: ZOE, subject, reasons: ['it is a test'] },
    ...{
      heldAt: utcNow(),
      metadata: {},
      content: Buffer.from(`From: ${ZOE}\r\nSubject: ${subject}\r\n\r\nText.\r\n`),
    },
  });
}

async function confirmHere(token: string): Promise<void> {
  const list = await bench.list();
  await runStep(bench.services, (step) => confirmToken(step, list, token, 'test'));
}

function heldOfMailman2(): number {
  return [...readList(bench.mailman2.varDir, 'plain').requests].filter(
    ([, entry]) => entry instanceof PyTuple && numberOf(entry.items[0]) === 1,
  ).length;
}

beforeEach(async () => {
  bench = await CutoverBench.open([ANNE, BART], 'legacy');
});

test('what is held here when a list goes back is held there once, and here once, also after the next time', async () => {
  const [before, there] = [await heldHere(), heldOfMailman2()];
  await move('lead');
  await holdHere('first');
  await ask('subscription', 'moderator', ZOE);
  await ask('unsubscription', 'moderator', BART);
  for (const round of [1, 2]) {
    if (round === 2) {
      await move('lead');
      await holdHere('second');
    }
    await rollback(bench.context(), LIST);
    await bench.follow();
    expect(requestsOfMailman2(SUBSCRIPTION)).toEqual([ZOE]);
    expect(requestsOfMailman2(UNSUBSCRIPTION)).toEqual([BART]);
    expect(heldOfMailman2()).toBe(there + round);
    expect(await requestsHere('subscription')).toEqual([ZOE]);
    expect(await requestsHere('unsubscription')).toEqual([BART]);
    expect(await heldHere()).toEqual([...before, 'first', ...(round === 2 ? ['second'] : [])].sort());
  }
});

test('tokens that either has mailed work on both sides, wherever the list is', async () => {
  const old = new Set(tokensOfMailman2());
  await writeToMailman2(ZOE, 'join', 'tojoin');
  await writeToMailman2('yan@people.example', 'join', 'tojoin');
  const [first = '', second = ''] = tokensOfMailman2().filter((token) => !old.has(token));
  const joining = async (token: string): Promise<string> =>
    (await findPending(bench.database.connection, token, utcNow()))?.email ?? '';
  await bench.follow();
  const [one, other] = [await joining(first), await joining(second)];
  expect([one, other].sort()).toEqual(['yan@people.example', ZOE]);
  await move('lead');
  await confirmHere(first);
  expect((await bench.member(one)).email).toBe(one);
  const own = await ask('unsubscription', 'subscriber', BART);
  await rollback(bench.context(), LIST);
  expect(membersOfMailman2()).toEqual([ANNE, BART, one].sort());
  expect(tokensOfMailman2()).not.toContain(first);
  await writeToMailman2(other, `confirm ${second}`, 'torequest');
  await writeToMailman2(BART, `confirm ${own}`, 'torequest');
  expect(membersOfMailman2()).toEqual([ANNE, one, other].sort());
  await bench.follow();
  expect((await bench.member(other)).email).toBe(other);
  await expect(bench.member(BART)).rejects.toThrow('no member');
});

test.each(['handed back', 'rolled back'])(
  'alongside, what a member was asked here is known there: %s',
  async (way) => {
    await move('alongside');
    await changeSides(bench.context(), LIST, [ANNE, BART], 'hand-over');
    await writeToMailman2(ZOE, 'join', 'tojoin');
    const theirs = tokensOfMailman2();
    const own = await ask('unsubscription', 'subscriber', ANNE);
    await ask('unsubscription', 'moderator', BART);
    if (way === 'rolled back') await rollback(bench.context(), LIST);
    else await changeSides(bench.context(), LIST, [ANNE, BART], 'hand-back');
    expect(tokensOfMailman2().sort()).toEqual([...theirs, own].sort());
    expect(requestsOfMailman2(UNSUBSCRIPTION)).toEqual([BART]);
    await bench.follow();
    expect(await requestsHere('unsubscription')).toEqual([BART]);
    await writeToMailman2(ANNE, `confirm ${own}`, 'torequest');
    expect(membersOfMailman2()).toEqual([BART]);
    await bench.follow();
    await expect(bench.member(ANNE)).rejects.toThrow('no member');
    expect(await findPending(bench.database.connection, own, utcNow())).toBeUndefined();
  },
);
