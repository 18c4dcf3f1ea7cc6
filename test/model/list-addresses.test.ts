import { expect, test } from 'vitest';
import { isListAddress } from '../../src/model/list-addresses.ts';

const list = { listName: 'ant', mailHost: 'lists.example.com' };

test.each([
  ['ant@lists.example.com', true],
  ['Ant-Request@Lists.Example.COM', true],
  ['ant-admin@lists.example.com', true],
  ['ant-confirm+0123abcd@lists.example.com', true],
  ['ant-bounces+anne=example.org@lists.example.com', true],
  ['ant@example.com', false],
  ['ant-help@lists.example.com', false],
  ['ants@lists.example.com', false],
  ['ant-request-2@lists.example.com', false],
  ['ant-toString@lists.example.com', false],
  ['', false],
])('whether %j is an address of the list itself: %s', (address, expected) => {
  expect(isListAddress(list, address)).toBe(expected);
});
