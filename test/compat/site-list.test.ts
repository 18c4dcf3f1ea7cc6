import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { createList } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { ListLookup } from '../../src/mta/list-lookup.ts';
import { defaultConfig } from '../support/services.ts';

let database: Database;

const make = (address: string) =>
  database.transaction((connection) =>
    createList(
      connection,
      { address, style: 'legacy-default', language: 'en', owners: [], createDomain: true },
      listRules(defaultConfig()),
    ),
  );

const find = async (address: string, siteList = 'mailman'): Promise<string | undefined> => {
  const found = await new ListLookup(database.connection, { delimiter: '+', siteList }).find(address);
  return found && `${found.listId} ${found.isLoop ? 'loop' : (found.reading.subAddress ?? 'post')}`;
};

beforeAll(async () => {
  database = await openDatabase('sqlite:///:memory:');
  for (const address of [
    'mailman@lists.example.com',
    'help-request@lists.example.com',
    'ant@lists.example.org',
  ])
    await make(address);
});

afterAll(() => database.close());

test('the site list is reached at each domain that has lists, in any case, and with its own VERP', async () => {
  expect(await find('mailman@lists.example.com')).toBe('mailman.lists.example.com post');
  expect(await find('Mailman-Owner@LISTS.example.org')).toBe('mailman.lists.example.com owner');
  expect(await find('mailman-bounces+a=b@lists.example.org')).toBe('mailman.lists.example.com bounces');
  expect(await find('mailman@elsewhere.example')).toBeUndefined();
  expect(await find('mailmans@lists.example.org')).toBeUndefined();
});

test('loops end at its own address, at each domain that has lists', async () => {
  expect(await find('mailman-loop@lists.example.com')).toBe('mailman.lists.example.com loop');
  expect(await find('MAILMAN-LOOP+a=b@lists.example.org')).toBe('mailman.lists.example.com loop');
  expect(await find('mailman-loop@elsewhere.example')).toBeUndefined();
  expect(await find('ant-loop@lists.example.org')).toBeUndefined();
  await make('mailman-loop@lists.example.com');
  expect(await find('mailman-loop@lists.example.com')).toBe('mailman-loop.lists.example.com post');
});

test('it may have another name', async () => {
  await make('site@lists.example.com');
  expect(await find('site-owner@lists.example.org', 'Site')).toBe('site.lists.example.com owner');
  expect(await find('site-loop@lists.example.org', 'Site')).toBe('site.lists.example.com loop');
  expect(await find('site-owner@lists.example.org')).toBeUndefined();
  expect(await find('mailman-owner@lists.example.org', 'site')).toBeUndefined();
});

test('a site list of its own is meant first', async () => {
  expect(await find('mailman-owner@lists.example.org')).toBe('mailman.lists.example.com owner');
  await make('mailman@lists.example.org');
  expect(await find('mailman-owner@lists.example.org')).toBe('mailman.lists.example.org owner');
});

test('a list whose name ends as an address of another would is meant itself', async () => {
  expect(await find('HELP-REQUEST@lists.example.com')).toBe('help-request.lists.example.com post');
  expect(await find('help-request-owner+x@lists.example.com')).toBe('help-request.lists.example.com owner');
  expect(await find('Help-Request-Bounces+anne=example.net@lists.example.com')).toBe(
    'help-request.lists.example.com bounces',
  );
  expect(await find(`HELP-REQUEST-CONFIRM+${'0a'.repeat(20)}@lists.example.com`)).toBe(
    'help-request.lists.example.com confirm',
  );
  expect(await find('help-request-request@lists.example.com')).toBe('help-request.lists.example.com request');
  expect(await find('help-request-admin@lists.example.com')).toBe('help-request.lists.example.com bounces');
});
