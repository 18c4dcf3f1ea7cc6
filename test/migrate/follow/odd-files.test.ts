import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catchUp } from '../../../compat/cutover/catch-up.ts';
import { ChangedLists } from '../../../migrate/follow/changed-lists.ts';
import { followState, lagOf } from '../../../migrate/follow/follow.ts';
import { ListsFollower } from '../../../migrate/follow/follow-lists.ts';
import { updateFollowed } from '../../../src/database/cutover.ts';
import { heldMessagesOf } from '../../../src/database/held-messages.ts';
import { membersOfList } from '../../../src/database/members.ts';
import { CutoverBench, LIST } from '../../compat/cutover/bench.ts';

const ANNE = 'anne@people.example';
const BART = 'bart@people.example';

let bench: CutoverBench;
let folder: string;
let file: string;

beforeEach(async () => {
  bench = await CutoverBench.open([ANNE], 'observe');
  await bench.follow();
  folder = join(bench.mailman2.varDir, 'lists', 'plain');
  file = join(folder, 'config.pck');
});

afterEach(() => bench.close());

async function members(): Promise<string[]> {
  return (await membersOfList(bench.database.connection, LIST, ['member'])).map(({ email }) => email).sort();
}

const lag = async (): Promise<number> => lagOf(bench.context().site, await bench.cutover(), Date.now());

/** Mailman 2 gets another member, and its backup is from before that. */
function joinAtMailman2(): Buffer {
  bench.mailman2.run('add_members', ['-r', '-', 'plain'], `${BART}\n`);
  return readFileSync(file);
}

/** A step catches up, which is refused for this reason. */
async function expectRefusal(reason: RegExp): Promise<void> {
  const moving = { list: await bench.list(), cutover: await bench.cutover() };
  await expect(catchUp(bench.context(), moving)).rejects.toThrow(reason);
}

test('a file that is written just now takes nobody back who is in the backup no member yet', async () => {
  const whole = joinAtMailman2();
  expect((await bench.follow()).kind).toBe('applied');
  expect(await members()).toEqual([ANNE, BART]);
  for (const length of [0, 1, 100, whole.length / 2, whole.length - 1]) {
    writeFileSync(file, whole.subarray(0, length));
    expect(await bench.follow()).toMatchObject({ kind: 'failed', problem: expect.stringContaining(file) });
    expect(await members()).toEqual([ANNE, BART]);
    expect(await lag()).toBeGreaterThan(0);
  }
  await expectRefusal(/cannot be followed/);
  writeFileSync(file, whole);
  expect((await bench.follow()).kind).toBe('applied');
  expect(await lag()).toBe(0);
});

test('a list that is removed at Mailman 2 stays here, and the lag counts from when that was seen', async () => {
  rmSync(folder, { recursive: true });
  expect(await bench.follow()).toMatchObject({
    kind: 'failed',
    problem: expect.stringContaining('has no config.pck'),
  });
  expect(await members()).toEqual([ANNE]);
  expect(await lag()).toBeLessThan(60_000);
  await expectRefusal(/has no config\.pck/);
});

test.each([
  ['a folder', () => mkdirSync(file)],
  ['a link to itself', () => symlinkSync(file, file)],
  ['a device', () => symlinkSync('/dev/zero', file)],
  ['code', () => writeFileSync(file, "cos\nsystem\n(S'touch hacked'\ntR.")],
  ['code in a dictionary', () => writeFileSync(file, "(dS'members'\ncos\nsystem\n(S'touch hacked'\ntRs.")],
  [
    'a pickle that holds itself',
    () => writeFileSync(file, "(dp0\nS'members'\ng0\nsS'data_version'\nI112\ns."),
  ],
  ['another kind of file', () => copyFileSync(join(folder, 'request.pck'), file)],
])('%s in place of config.pck changes nothing', async (_, put) => {
  rmSync(file);
  put();
  expect(await bench.follow()).toMatchObject({
    kind: 'failed',
    problem: expect.stringContaining('config.pck'),
  });
  expect(await members()).toEqual([ANNE]);
  expect(await lag()).toBeGreaterThan(0);
});

test('what could not be read for another reason is tried again, and at once by a step', async () => {
  const { connection } = bench.database;
  joinAtMailman2();
  await bench.follow();
  const failed = { ...followState(await bench.cutover()), problem: 'the disk was full' };
  const store = (ago: number) => updateFollowed(connection, LIST, { ...failed, appliedAt: Date.now() - ago });
  await store(1000);
  expect(await bench.follow()).toEqual({ kind: 'unchanged' });
  await store(60_000);
  expect((await bench.follow()).kind).toBe('applied');
  await store(1000);
  await catchUp(bench.context(), { list: await bench.list(), cutover: await bench.cutover() });
  expect(await lag()).toBe(0);
});

test('what cannot be read is told once', async () => {
  const { site, follow } = bench.context();
  // Each of its own, which has no pause to wait for.
  const look = async () => new ListsFollower(bench.database, site, follow).look([await bench.cutover()]);
  writeFileSync(file, 'damaged');
  expect(await look()).toMatchObject([{ followed: { kind: 'failed' } }]);
  const { followed } = await bench.cutover();
  await updateFollowed(bench.database.connection, LIST, { ...followed, appliedAt: 0 });
  expect(await look()).toEqual([]);
  expect(followState(await bench.cutover())?.appliedAt).toBeGreaterThan(0);
});

test('requests that cannot be read keep nobody from joining, and the list from being led', async () => {
  const held = (await heldMessagesOf(bench.database.connection, LIST)).length;
  joinAtMailman2();
  const requests = join(folder, 'request.pck');
  const whole = readFileSync(requests);
  writeFileSync(requests, whole.subarray(0, whole.length / 2));
  expect(await bench.follow()).toMatchObject({
    ...{ kind: 'applied', outcome: { config: { members: { added: 1 } } } },
    state: { problem: expect.stringContaining(requests) },
  });
  expect(await members()).toEqual([ANNE, BART]);
  expect(await heldMessagesOf(bench.database.connection, LIST)).toHaveLength(held);
  expect(await lag()).toBeGreaterThan(0);
  await expectRefusal(/request\.pck/);
  writeFileSync(requests, whole);
  expect(await bench.follow()).toMatchObject({ state: { problem: null } });
  expect(await lag()).toBe(0);
});

test('a clock that is set back hides no change', async () => {
  joinAtMailman2();
  const changed = new ChangedLists(bench.context().site);
  changed.seen('plain');
  const future = Date.now() / 1000 + 7200;
  for (const path of [file, folder]) utimesSync(path, future, future);
  expect(changed.mayHaveChanged('plain')).toBe(true);
  expect(await lag()).toBeGreaterThan(0);
  expect((await bench.follow()).kind).toBe('applied');
  expect(await members()).toEqual([ANNE, BART]);
  expect(await lag()).toBe(0);
  // Written in the past of that, and seen nevertheless.
  bench.mailman2.run('remove_members', ['plain', BART]);
  expect(changed.mayHaveChanged('plain')).toBe(true);
  expect((await bench.follow()).kind).toBe('applied');
  expect(await members()).toEqual([ANNE]);
});
