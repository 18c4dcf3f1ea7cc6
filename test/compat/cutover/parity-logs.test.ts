import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogFollower } from '../../../compat/cutover/logs/follow-logs.ts';
import { readLogPart } from '../../../compat/cutover/logs/tail.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { insertCutover, moveStage } from '../../../src/database/cutover.ts';
import { type Mailman2Outcome, mailman2PostsOf } from '../../../src/database/mailman2-posts.ts';
import { parseUtc, type UtcTime } from '../../../src/model/time.ts';
import { type FlowBench, openFlowBench } from '../../support/flow.ts';

const LONG_AGO = parseUtc('2000-01-01T00:00:00Z') as UtcTime;
const AT = new Date(2024, 2, 15, 9, 0, 0).getTime() / 1000;

let folder: string;
let bench: FlowBench;
let follower: LogFollower;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-logs-'));
  for (const name of ['lists', 'logs']) mkdirSync(join(folder, name));
  bench = await openFlowBench();
  const { connection } = bench.database;
  await insertCutover(connection, {
    ...{ listId: 'ant.example.com', since: LONG_AGO, mailman2Name: 'ant', mailman2Domain: 'localhost' },
  });
  await moveStage(connection, 'ant.example.com', { from: 'legacy', to: 'observe', now: LONG_AGO });
  follower = new LogFollower({ database: bench.database, clock: { now: () => LONG_AGO } }, openSite(folder));
});

afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

function write(log: string, text: string, second = 0): void {
  const stamp = `Mar 15 09:00:0${second} 2024 (4711) `;
  appendFileSync(join(folder, 'logs', log), `${stamp}${text}\n`, 'latin1');
}

async function known(): Promise<Map<string, Mailman2Outcome>> {
  const posts = await mailman2PostsOf(bench.database.connection, 'ant.example.com', LONG_AGO);
  return new Map(posts.map(({ messageId, outcome }) => [messageId, outcome]));
}

test('a post that was sent has its recipients, and those who were refused', async () => {
  write('smtp', '<a@x> smtp to ant for 12 recips, completed in 0.001 seconds');
  write('post', 'post to ant from Anna@Example.com, size=1037, message-id=<a@x>, 2 failures');
  write('smtp-failure', 'delivery to grey@example.org failed with code 451: 4.7.1 later');
  write('smtp-failure', 'delivery to none@example.org failed with code 550: 5.1.1 unknown');
  await follower.look();
  expect(await known()).toEqual(
    new Map([
      [
        '<a@x>',
        {
          ...{ decision: 'accept', decided_at: AT, sent_at: AT, recipients: 12, failures: 2 },
          ...{ reason: '', handler: '', moderator: null, moderated_at: null, sender: 'anna@example.com' },
          refused: [
            { address: 'grey@example.org', code: 451 },
            { address: 'none@example.org', code: 550 },
          ],
        },
      ],
    ]),
  );
});

test('another try for those who were refused does not count as the delivery', async () => {
  write('post', 'post to ant from anna@example.com, size=1037, message-id=<a@x>, 1 failures');
  write('smtp', '<a@x> smtp to ant for 12 recips, completed in 0.001 seconds');
  await follower.look();
  write('post', 'post to ant from anna@example.com, size=1037, message-id=<a@x>, success', 9);
  write('smtp', '<a@x> smtp to ant for 1 recips, completed in 0.001 seconds', 9);
  await follower.look();
  expect((await known()).get('<a@x>')).toMatchObject({ recipients: 12, failures: 1, sent_at: AT });
});

test('a text of several lines is waited for, and half a line as well', async () => {
  write('vette', "Message discarded, msgid: <a@x>'");
  await follower.look();
  expect((await known()).size).toBe(0);
  appendFileSync(join(folder, 'logs/vette'), '        list: Ant,\n        han');
  await follower.look();
  expect((await known()).size).toBe(0);
  appendFileSync(join(folder, 'logs/vette'), 'dler: Moderate\n');
  await follower.look();
  expect((await known()).get('<a@x>')).toMatchObject({ decision: 'discard', handler: 'Moderate' });
  write('vette', 'Message rejected, msgid: <b@x>');
  appendFileSync(
    join(folder, 'logs/vette'),
    '        list: Ant,\n        handler: Hold,\n        reason: No.\nNever.\n',
  );
  await follower.look();
  expect((await known()).get('<b@x>')).toMatchObject({ decision: 'reject', handler: 'Hold' });
});

test('a moderator’s decision finds its post', async () => {
  for (const [id, from] of [
    ['<a@x>', 'eve@x'],
    ['<b@x>', 'eve@x'],
    ['<c@x>', 'mallory@x'],
  ]) {
    write('vette', `Ant post from ${from} held, message-id=${id}: Post by non-member to a members-only list`);
  }
  await follower.look();
  write('vette', 'ant: held message approved, message-id: <b@x>', 1);
  write('post', 'post to ant from eve@x, size=1037, message-id=<b@x>, success', 1);
  write('vette', 'ant: Refused posting:\n\tFrom: eve@x\n\tSubject: Hi\n\tReason: No.', 2);
  write('vette', 'ant: Discarded posting:\n\tFrom: mallory@x\n\tSubject: Spam', 3);
  await follower.look();
  const posts = await known();
  expect(posts.get('<a@x>')).toMatchObject({ decision: 'hold', moderator: 'refused', sent_at: null });
  expect(posts.get('<b@x>')).toMatchObject({ decision: 'hold', moderator: 'approved', sent_at: AT + 1 });
  expect(posts.get('<c@x>')).toMatchObject({ moderator: 'discarded', moderated_at: AT + 3 });
});

test('notices and digests are no posts, nor is what other lists get', async () => {
  write(
    'smtp',
    '<mailman.1.1710505800.4711.ant@example.com> smtp to ant for 1 recips, completed in 0.1 seconds',
  );
  write('smtp', '<a@x> smtp to bee for 1 recips, completed in 0.1 seconds');
  write('post', 'post to bee from anna@example.com, size=1, message-id=<a@x>, success');
  await follower.look();
  expect((await known()).size).toBe(0);
});

test('a post that Mailman 2 makes anonymous or wraps is one all the same', async () => {
  write(
    'smtp',
    '<mailman.1.1710505800.4711.ant@example.com> smtp to ant for 7 recips, completed in 0.1 seconds',
  );
  await follower.look();
  write(
    'post',
    'post to ant from a@x, size=1, message-id=<mailman.1.1710505800.4711.ant@example.com>, success',
  );
  await follower.look();
  expect([...(await known()).values()]).toMatchObject([{ decision: 'accept', recipients: 7, sender: 'a@x' }]);
});

test('what was read is not read again, and a log that was renamed is read to its end', async () => {
  const line = (id: string): void =>
    write('post', `post to ant from a@x, size=1, message-id=<${id}@x>, success`);
  line('a');
  expect(await follower.look()).toBe(1);
  expect(await follower.look()).toBe(0);
  line('b');
  const [log, old] = [join(folder, 'logs/post'), join(folder, 'logs/post.1')];
  renameSync(log, old);
  line('d');
  expect(await follower.look()).toBe(1);
  // A runner that has not noticed yet.
  appendFileSync(
    old,
    'Mar 15 09:00:05 2024 (4711) post to ant from a@x, size=1, message-id=<c@x>, success\n',
  );
  expect(await follower.look()).toBe(1);
  const past = Date.now() / 1000 - 60;
  utimesSync(old, past, past);
  expect(await follower.look()).toBe(1);
  expect([...(await known()).keys()].sort()).toEqual(['<a@x>', '<b@x>', '<c@x>', '<d@x>']);
});

test('a log that was emptied is begun anew', async () => {
  write('post', 'post to ant from anna@example.com, size=1, message-id=<a@x>, success');
  await follower.look();
  truncateSync(join(folder, 'logs/post'));
  write('post', 'post to ant from a@x, size=1, message-id=<b>, success');
  expect(await follower.look()).toBe(1);
});

test('a large log is read part by part, each line once', () => {
  const filler = 'x'.repeat(1000);
  const count = 10_000;
  for (let index = 0; index < count; index += 1000) {
    const lines = Array.from({ length: 1000 }, (_, n) => `Mar 15 09:00:00 2024 (1) ${index + n} ${filler}\n`);
    appendFileSync(join(folder, 'logs/post'), lines.join(''));
  }
  const seen: string[] = [];
  for (let from = readLogPart(join(folder, 'logs'), 'none', undefined).next, isMore = true; isMore; ) {
    const part = readLogPart(join(folder, 'logs'), 'post', from);
    seen.push(...part.lines.map(({ text }) => text.split(' ')[0] ?? ''));
    ({ next: from, isMore } = part);
  }
  expect(seen).toEqual(Array.from({ length: count }, (_, index) => String(index)));
});
