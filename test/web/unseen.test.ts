import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unseen, unseenDone } from '../../src/web/unseen.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;

beforeEach(async () => {
  site = await makeSite();
});
afterEach(() => site.close());

test('what must not show in how long an answer takes begins behind it, and its failures go to the log', async () => {
  const { services } = site;
  const order: string[] = [];
  unseen(services, 'Asking', async () => {
    order.push('work');
    throw new Error('no room');
  });
  // An answer goes through some promises on its way out.
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  order.push('answer');
  await unseenDone(services);
  expect(order).toEqual(['answer', 'work']);
  expect(services.logged).toEqual([
    { logger: 'error', line: expect.stringContaining('Asking: Error: no room') },
  ]);
});

test('the pages end when all is done that nobody waited for', async () => {
  const { app, services } = site;
  let isWritten = false;
  unseen(services, 'Asking', async () => {
    await sleep(50);
    isWritten = true;
  });
  await app.close();
  expect(isWritten).toBe(true);
});
