import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashPassword, isLegacyPassword, verifyPassword } from '../../src/membership/passwords.ts';

/** What Perl's `crypt` makes of them. */
const CRYPTED = [
  ['open sesame', 'ab/G8gtZdMwak'],
  ['x', './7H4fGCYxIHQ'],
  ['geheim', 'zZjloct5yFO.E'],
  ['gruen-lang-password', '9.N0N2BvHvpPw'],
  ['grün', 'QqbZDTmYFkLiQ'],
] as const;

describe('passwords of Mailman 2.1', () => {
  test.each(CRYPTED)('%s, as crypt stored it', async (password, stored) => {
    expect(await verifyPassword(`mailman21:crypt:${stored}`, password)).toBe(true);
    expect(await verifyPassword(`mailman21:crypt:${stored}`, `-${password}`)).toBe(false);
    expect(isLegacyPassword(`mailman21:crypt:${stored}`)).toBe(true);
  });

  test('only the first eight characters counted for crypt', async () => {
    expect(await verifyPassword('mailman21:crypt:ab/G8gtZdMwak', 'open ses')).toBe(true);
    expect(await verifyPassword('mailman21:crypt:ab/G8gtZdMwak', 'open se')).toBe(false);
  });

  test.each(['', 'ab', 'ab/G8gtZdMwa', 'ab/G8gtZdMwak0', '$1$ab$G8gtZdM', '*************'])(
    '%j is nobody’s password',
    async (stored) => {
      expect(await verifyPassword(`mailman21:crypt:${stored}`, 'open sesame')).toBe(false);
    },
  );

  test.each(['sha1', 'md5'])('%s, in either charset of a browser', async (algorithm) => {
    for (const encoding of ['utf8', 'latin1'] as const) {
      const hex = createHash(algorithm).update('grün', encoding).digest('hex');
      expect(await verifyPassword(`mailman21:${algorithm}:${hex}`, 'grün')).toBe(true);
      expect(await verifyPassword(`mailman21:${algorithm}:${hex}`, 'grun')).toBe(false);
    }
  });
});

test('a hash of today fits its password only, and is not old', async () => {
  const stored = await hashPassword('open sesame');
  expect([await verifyPassword(stored, 'open sesame'), await verifyPassword(stored, 'open')]).toEqual([
    true,
    false,
  ]);
  expect(isLegacyPassword(stored)).toBe(false);
});
