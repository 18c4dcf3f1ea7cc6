import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/handle.ts';
import {
  deleteExpiredSignIns,
  deleteSignInLink,
  deleteWebSession,
  deleteWebSessionsOf,
  findSignInLink,
  findWebSession,
  insertSignInLink,
  insertWebSession,
  prolongWebSession,
} from '../../src/database/web-sessions.ts';
import { ensureAddresses } from '../../src/membership/people.ts';
import { laterBy, type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { onEachDialect } from './dialects.ts';

const NOW = utcFromEpoch(1_700_000_000) as UtcTime;
const HOUR = 3600;

await onEachDialect('sessions of the web pages', (place) => {
  let database: Database;
  let userId = '';
  let addressId = '';

  beforeAll(async () => {
    database = await place.open();
    const known = await ensureAddresses(
      database.connection,
      [{ address: 'anne@people.example', displayName: '' }],
      NOW,
    );
    const [address] = known.values();
    userId = address?.userId ?? '';
    addressId = address?.addressId ?? '';
  });

  const session = (letter: string) => ({
    tokenHash: letter.repeat(64),
    userId,
    createdAt: NOW,
    expiresAt: laterBy(NOW, HOUR),
  });

  test('are found until they end', async () => {
    const { connection } = database;
    const one = session('a');
    await insertWebSession(connection, one);
    expect(await findWebSession(connection, one.tokenHash, NOW)).toEqual(one);
    expect(await findWebSession(connection, one.tokenHash, laterBy(NOW, HOUR))).toBeUndefined();
    await prolongWebSession(connection, one.tokenHash, laterBy(NOW, 2 * HOUR));
    expect(await findWebSession(connection, one.tokenHash, laterBy(NOW, HOUR))).toBeDefined();
    await deleteWebSession(connection, one.tokenHash);
    expect(await findWebSession(connection, one.tokenHash, NOW)).toBeUndefined();
  });

  test('all end for a user', async () => {
    const { connection } = database;
    for (const letter of ['b', 'c']) await insertWebSession(connection, session(letter));
    await deleteWebSessionsOf(connection, userId);
    expect(await findWebSession(connection, 'b'.repeat(64), NOW)).toBeUndefined();
  });

  test('begin with a link that one of several takes', async () => {
    const { connection } = database;
    const link = {
      tokenHash: 'd'.repeat(64),
      addressId,
      nextPath: '/archives/',
      expiresAt: laterBy(NOW, HOUR),
    };
    await insertSignInLink(connection, link);
    expect(await findSignInLink(connection, link.tokenHash, NOW)).toEqual({
      ...link,
      email: 'anne@people.example',
    });
    const taken = [];
    for (let time = 0; time < 2; time += 1) taken.push(await deleteSignInLink(connection, link.tokenHash));
    expect(taken).toEqual([true, false]);
  });

  test('that ended are removed', async () => {
    const { connection } = database;
    await insertWebSession(connection, session('e'));
    await deleteExpiredSignIns(connection, laterBy(NOW, HOUR));
    expect(await connection('web_session').select()).toEqual([]);
  });
});
