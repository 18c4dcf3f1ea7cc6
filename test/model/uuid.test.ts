import { expect, test } from 'vitest';
import { newId } from '../../src/model/uuid.ts';

const COUNT = 50_000;

test('an identifier is a version 7 UUID of the present, without dashes', () => {
  const before = Date.now();
  const id = newId();
  expect(id).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(Number.parseInt(id.slice(0, 12), 16)).toBeGreaterThanOrEqual(before);
});

test('identifiers made one after the other sort in that order, however many fall into a millisecond', () => {
  const ids = Array.from({ length: COUNT }, newId);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(COUNT);
});
