import { expect, test } from 'vitest';
import { AttemptLimit, networkKey } from '../../src/http/attempt-limit.ts';
import { sameText } from '../../src/http/constant-time.ts';
import { entityTag, isFresh } from '../../src/http/freshness.ts';

test('a key has so many attempts in a period, and then again', () => {
  let now = 1000;
  const limit = new AttemptLimit({ attempts: 2, period: 60 }, () => now);
  expect([limit.note('a'), limit.note('a'), limit.note('a')]).toEqual([true, true, false]);
  expect(limit.isOpen('a')).toBe(false);
  expect(limit.waitFor('a')).toBe(60);
  expect(limit.isOpen('b')).toBe(true);
  now += 61;
  expect(limit.isOpen('a')).toBe(true);
  limit.note('a');
  limit.note('a');
  limit.forget('a');
  expect(limit.isOpen('a')).toBe(true);
});

test('the keys that were used longest ago make room', () => {
  const limit = new AttemptLimit({ attempts: 1, period: 60, capacity: 2 });
  for (const key of ['a', 'b', 'a', 'c']) limit.note(key);
  expect(['a', 'b', 'c'].map((key) => limit.isOpen(key))).toEqual([false, true, false]);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8::6', '2001:db8:0:0::/64'],
  ['2001:db8:0001:0002::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('the network of %s is %s', (address, key) => {
  expect(networkKey(address)).toBe(key);
});

test('texts are compared as a whole', () => {
  expect(sameText('geheim', 'geheim')).toBe(true);
  expect(sameText('geheim', 'geheim ')).toBe(false);
  expect(sameText('', 'a')).toBe(false);
});

test('a copy is fresh by its tag, and by its date where no tag was sent', () => {
  const tag = entityTag('page');
  expect(isFresh({ 'if-none-match': `"x", W/${tag}` }, tag)).toBe(true);
  expect(isFresh({ 'if-none-match': '*' }, tag)).toBe(true);
  expect(isFresh({ 'if-none-match': '"x"', 'if-modified-since': new Date(5000).toUTCString() }, tag, 0)).toBe(
    false,
  );
  expect(isFresh({ 'if-modified-since': new Date(5000).toUTCString() }, tag, 5999)).toBe(true);
  expect(isFresh({ 'if-modified-since': new Date(5000).toUTCString() }, tag, 6000)).toBe(false);
  expect(isFresh({ 'if-modified-since': 'nonsense' }, tag, 0)).toBe(false);
});
