import { expect, test } from 'vitest';
import { unseen } from '../../src/web/lists/mail-limits.ts';
import type { Visit } from '../../src/web/visit.ts';

test('what must not show in how long an answer takes begins behind it, and its failures go to the log', async () => {
  const logged: string[] = [];
  const services = { log: (_kind: string, text: string) => logged.push(text) };
  const order: string[] = [];
  const done = new Promise<void>((resolve) => {
    unseen({ services } as unknown as Pick<Visit, 'services'>, 'Asking', async () => {
      order.push('work');
      setImmediate(resolve);
      throw new Error('no room');
    });
  });
  // An answer goes through some promises on its way out.
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  order.push('answer');
  await done;
  expect(order).toEqual(['answer', 'work']);
  expect(logged.join()).toContain('Asking: Error: no room');
});
