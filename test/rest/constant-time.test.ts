import { timingSafeEqual } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { AttemptLimit } from '../../src/http/attempt-limit.ts';
import { authenticate } from '../../src/rest/authentication.ts';
import { basic } from './api.ts';

vi.mock('node:crypto', async (load) => {
  const real = await load<typeof import('node:crypto')>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const compare = vi.mocked(timingSafeEqual);
afterEach(() => compare.mockClear());

test.each([
  ['restadmin:restpass', true],
  ['restadmin:r', false],
  ['restadmin:restpass and more', false],
  ['restadmin:', false],
  ['x:restpass', false],
  ['x:x', false],
  [`restadmin:${'x'.repeat(100_000)}`, false],
])('%.30s is compared like all others: name and password, each as a whole', (credentials, isRight) => {
  const limit = new AttemptLimit({ attempts: 20, period: 60 });
  const attempt = () =>
    authenticate(
      basic(credentials).authorization,
      { user: 'restadmin', password: 'restpass' },
      {
        limit,
        address: '192.0.2.1',
      },
    );
  if (isRight) attempt();
  else expect(attempt).toThrow();
  expect(compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength])).toEqual([
    [32, 32],
    [32, 32],
  ]);
});
