import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedTimes } from '../../../compat/cutover/parity/shared-times.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { insertAudit } from '../../../src/database/cutover-audit.ts';
import type { Database } from '../../../src/database/handle.ts';
import type { UtcTime } from '../../../src/model/time.ts';

const NOON = Date.UTC(2026, 9, 5, 12) / 1000;

let database: Database;

beforeAll(async () => {
  database = await openDatabase('sqlite:///:memory:');
  const steps = [
    ['10', 'observe', 'legacy', 'observe', 'done'],
    ['20', 'lead', 'observe', 'lead', 'refused'],
    ['30', 'hand-over', 'alongside', 'alongside', 'done'],
    ['40', 'lead', 'alongside', 'lead', 'done'],
  ] as const;
  for (const [minute, action, from, to, outcome] of steps) {
    const doneAt = `2026-10-05T12:${minute}:00.000000Z` as UtcTime;
    const details = { from, to, seconds: 2 };
    await insertAudit(database.connection, {
      listId: 'ant.example.com',
      doneAt,
      who: 'root',
      action,
      outcome,
      details,
    });
  }
});

afterAll(() => database.close());

test('posts come to both from a little after "observe" until "lead" begins, whatever was refused between', async () => {
  const isShared = await sharedTimes(database.connection, 'ant.example.com');
  const at = (minute: number, second: number): boolean => isShared(NOON + minute * 60 + second);
  expect([at(5, 0), at(10, 5), at(10, 11), at(25, 0), at(30, 1), at(39, 57), at(39, 59), at(50, 0)]).toEqual([
    ...[false, false, true, true, true, true, false, false],
  ]);
});

test('a second in which a list ceased to come to both is none of both: its posts may have come after that', async () => {
  const details = { seconds: 0.01 };
  for (const [second, action, from, to] of [
    ['00.000000', 'observe', 'legacy', 'observe'],
    ['30.100000', 'lead', 'observe', 'lead'],
    ['30.900000', 'rollback', 'lead', 'legacy'],
  ] as const)
    await insertAudit(database.connection, {
      ...{ listId: 'cat.example.com', doneAt: `2026-10-05T12:00:${second}Z` as UtcTime, who: 'root' },
      ...{ action, outcome: 'done', details: { ...details, from, to } },
    });
  const isShared = await sharedTimes(database.connection, 'cat.example.com');
  expect([29, 30, 31].map((second) => isShared(NOON + second))).toEqual([true, false, false]);
});

test('of a list without a trail nothing is ruled out', async () => {
  const isShared = await sharedTimes(database.connection, 'bee.example.com');
  expect(isShared(NOON)).toBe(true);
});
