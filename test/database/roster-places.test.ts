import { expect, test, vi } from 'vitest';
import type { Connection } from '../../src/database/handle.ts';
import { rosterPage } from '../../src/database/member-pages.ts';
import { RosterPlaces } from '../../src/database/roster-places.ts';
import { sqlitePlace } from './dialects.ts';
import { sampleList, storeList } from './samples.ts';

const place = sqlitePlace();
const MEMBERS = 100_000;

/** A list with members a000000@example.com and so on. */
async function fill(connection: Connection, members: number): Promise<string> {
  const { listId } = await storeList(connection, sampleList('ant'));
  const numbers = `WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < ${members - 1})`;
  await connection.raw(
    `${numbers} INSERT INTO address (address_id, email, original_email, display_name, registered_on)
       SELECT printf('%032x', n), printf('a%06d@example.com', n), '', '', '' FROM number`,
  );
  await connection.raw(
    `INSERT INTO member (member_id, list_id, role, address_id, email, original_email, display_name, subscription_mode)
       SELECT address_id, '${listId}', 'member', address_id, email, email, '', 'as_address' FROM address`,
  );
  return listId;
}

const name = (number: number) => `a${String(number).padStart(6, '0')}@example.com`;

test('whoever pages through 100,000 members has none counted that came before', {
  timeout: 60_000,
}, async () => {
  const { connection } = await place.open();
  const listId = await fill(connection, MEMBERS);
  const before = vi.spyOn(RosterPlaces.prototype, 'before');
  /** How many members the last page was counted over. */
  const counted = (): number =>
    (before.mock.lastCall?.[0] ?? 0) - (before.mock.results.at(-1)?.value?.offset ?? 0);
  const count = 1000;
  for (let start = 0; start < MEMBERS; start += count) {
    const { total, rows } = await rosterPage(connection, listId, 'member', { start, count });
    expect([total, rows.length, rows[0]?.member.email, rows.at(-1)?.member.email]).toEqual([
      MEMBERS,
      count,
      name(start),
      name(start + count - 1),
    ]);
    expect(counted()).toBe(0);
  }
  await rosterPage(connection, listId, 'member', { start: 50_300, count: 10 });
  expect(counted()).toBe(300);
  before.mockRestore();
});

test('what has changed moves the pages, whoever changed it', async () => {
  const url = await place.freshUrl();
  const database = await place.openUrl(url);
  const other = await place.openUrl(url);
  const listId = await fill(database.connection, 30);
  const page = async (start: number) =>
    (await rosterPage(database.connection, listId, 'member', { start, count: 10 })).rows.map(
      ({ member }) => member.email,
    );
  for (const start of [0, 10, 20]) await page(start);
  await database.connection('member').where('email', name(3)).delete();
  expect((await page(10))[0]).toBe(name(11));
  expect(await page(20)).toHaveLength(9);
  await other.connection('member').where('email', name(4)).delete();
  expect((await page(20))[0]).toBe(name(22));
});

test('the last place that is not behind an offset', () => {
  const places = new RosterPlaces();
  expect(places.before(5)).toBeUndefined();
  for (const offset of [300, 100, 200, 100]) places.note({ offset, email: String(offset) });
  expect([0, 99, 100, 150, 200, 299, 300, 1000].map((offset) => places.before(offset)?.offset)).toEqual([
    undefined,
    undefined,
    100,
    100,
    200,
    200,
    300,
    300,
  ]);
});
