import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { KeptAnswers } from '../../src/rest/kept-answers.ts';
import { basic, openApiWithList, vouched } from './api.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ANT = '/3.1/lists/ant.example.com';
const PATHS = [
  `${ANT}/roster/member?count=10&page=1`,
  '/3.1/members?count=10&page=1',
  '/3.1/members/find?subscriber=*example.com',
  '/3.1/lists',
  ANT,
  `${ANT}/config`,
];

/** The API with a list, on a file that others can open too. */
async function apiOnFile(name: string) {
  const url = `sqlite:///${join(folder, name)}`;
  const api = await openApiWithList('', url);
  await api.make('/3.1/members', { list_id: 'ant.example.com', subscriber: 'anne@example.com', ...vouched });
  return { ...api, url };
}

test('what nobody has changed is not asked of the database again', async () => {
  const { get } = await apiOnFile('asked.db');
  const find = vi.spyOn(KeptAnswers.prototype, 'find');
  for (const path of PATHS) {
    const first = await get(path);
    expect([path, find.mock.results.at(-1)?.value]).toEqual([path, undefined]);
    expect(await get(path)).toEqual(first);
    expect([path, find.mock.results.at(-1)?.value]).toEqual([path, expect.objectContaining({ status: 200 })]);
  }
  find.mockRestore();
});

test('a change by this process is seen at once', async () => {
  const { get, make, done } = await apiOnFile('own.db');
  for (const path of PATHS) await get(path);
  await make('/3.1/members', { list_id: 'ant.example.com', subscriber: 'bart@example.com', ...vouched });
  await done('PATCH', `${ANT}/config`, { info: 'new' });
  expect(await get(PATHS[0] ?? '')).toMatchObject({ total_size: 2 });
  expect(await get(PATHS[1] ?? '')).toMatchObject({ total_size: 2 });
  expect(await get(PATHS[2] ?? '')).toMatchObject({ total_size: 2 });
  expect(await get('/3.1/lists')).toMatchObject({ entries: [{ member_count: 2 }] });
  expect(await get(ANT)).toMatchObject({ member_count: 2 });
  expect(await get(`${ANT}/config`)).toMatchObject({ info: 'new' });
});

test('so is one by another process', async () => {
  const { get, url } = await apiOnFile('other.db');
  const other = await openDatabase(url);
  try {
    for (const path of PATHS) await get(path);
    await other.connection('member').update({ display_name: 'Renamed' });
    const renamed = { entries: [{ display_name: 'Renamed' }] };
    for (const path of PATHS.slice(0, 3)) expect(await get(path), path).toMatchObject(renamed);
    await other.transaction(async (connection) => connection('member').delete());
    for (const path of PATHS.slice(0, 3)) expect(await get(path), path).toMatchObject({ total_size: 0 });
    expect(await get(ANT)).toMatchObject({ member_count: 0 });
  } finally {
    await other.close();
  }
});

test('what is kept is for those who may log in', async () => {
  const { app, get } = await apiOnFile('login.db');
  await get(ANT);
  const asked = { method: 'GET', url: ANT } as const;
  expect((await app.inject(asked)).statusCode).toBe(401);
  expect((await app.inject({ ...asked, headers: basic('restadmin:wrong') })).statusCode).toBe(401);
});

test('only so much is kept', () => {
  const kept = new KeptAnswers();
  const answer = (size: number) => ({ status: 200, headers: {}, body: Buffer.alloc(size) });
  kept.keep('1', 'huge', answer(1024 * 1024));
  expect(kept.find('1', 'huge')).toBeUndefined();
  for (let page = 0; page < 1000; page += 1) kept.keep('1', `page ${page}`, answer(100_000));
  const found = Array.from({ length: 1000 }, (_, page) => kept.find('1', `page ${page}`)).filter(Boolean);
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThan(180);
});
