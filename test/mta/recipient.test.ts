import { expect, test } from 'vitest';
import { readings, route } from '../../src/mta/recipient.ts';

const read = (localPart: string, ...lists: string[]) => {
  const found = readings(localPart, '+').find(({ listName }) => lists.includes(listName));
  return found && [found.listName, found.subAddress, found.extension];
};

test.each([
  ['ant', 'ant', undefined, undefined],
  ['ant-bounces', 'ant', 'bounces', undefined],
  ['ant-admin', 'ant', 'bounces', undefined],
  ['ant-confirm', 'ant', 'confirm', undefined],
  ['ant-join', 'ant', 'join', undefined],
  ['ant-subscribe', 'ant', 'join', undefined],
  ['ant-leave', 'ant', 'leave', undefined],
  ['ant-unsubscribe', 'ant', 'leave', undefined],
  ['ant-owner', 'ant', 'owner', undefined],
  ['ant-request', 'ant', 'request', undefined],
  ['ant-confirm+0123abc', 'ant', 'confirm', '0123abc'],
  ['ant-bounces+bart=example.com', 'ant', 'bounces', 'bart=example.com'],
  ['ant-bounces+bart+tag=example.com', 'ant', 'bounces', 'bart+tag=example.com'],
  ['ant-bounces+help-request=example.com', 'ant', 'bounces', 'help-request=example.com'],
  ['ant+anything', 'ant', undefined, 'anything'],
])('%s', (localPart, listName, subAddress, extension) => {
  expect(read(localPart, 'ant')).toEqual([listName, subAddress, extension]);
});

test('a list whose own name ends like a sub-address is meant itself', () => {
  expect(read('help-request', 'help', 'help-request')).toEqual(['help-request', undefined, undefined]);
  expect(read('help-request-request', 'help', 'help-request')).toEqual([
    'help-request',
    'request',
    undefined,
  ]);
  expect(read('help-owner', 'help', 'help-request')).toEqual(['help', 'owner', undefined]);
});

test('the delimiter may be part of a list name', () => {
  const lists = ['c', 'c++-users.v2'];
  expect(read('c++-users.v2', ...lists)).toEqual(['c++-users.v2', undefined, undefined]);
  expect(read('c++-users.v2-request', ...lists)).toEqual(['c++-users.v2', 'request', undefined]);
  expect(read('c++-users.v2-bounces+a+b=example.com', ...lists)).toEqual([
    'c++-users.v2',
    'bounces',
    'a+b=example.com',
  ]);
  expect(read('c-bounces+a=example.com', ...lists)).toEqual(['c', 'bounces', 'a=example.com']);
});

test.each(['-request', 'request', '+', '+x', 'ant-unknown', 'ant-', '', '-', 'ant-constructor', '-owner+x'])(
  '%j belongs to no list',
  (localPart) => {
    expect(read(localPart, 'ant', '')).toEqual(localPart === '' ? ['', undefined, undefined] : undefined);
  },
);

test.each([
  [undefined, 'in', { to_list: true }],
  ['bounces', 'bounces', { subaddress: 'bounces' }],
  ['confirm', 'command', { subaddress: 'confirm' }],
  ['join', 'command', { subaddress: 'join' }],
  ['leave', 'command', { subaddress: 'leave' }],
  ['owner', 'in', { subaddress: 'owner', to_owner: true, envsender: 'site@example.com' }],
  ['request', 'command', { subaddress: 'request', to_request: true }],
] as const)('mail for %s goes to the queue %s', (subAddress, queue, metadata) => {
  const reading = { listName: 'ant', subAddress, extension: undefined };
  expect(route('ant.example.com', reading, 'site@example.com')).toEqual({
    queue,
    metadata: { listid: 'ant.example.com', ...metadata },
  });
});
