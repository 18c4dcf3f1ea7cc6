import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startThread } from '../../../src/archiving/store/thread.ts';

// Node.js aborts the process with "close before init" where this goes wrong, which is seen in one of a few tries.
test('a thread that compresses can be ended at any time', async () => {
  for (let round = 0; round < 40; round += 1) {
    const thread = startThread(new URL('./compressing-thread.ts', import.meta.url), 'sqlite://');
    await once(thread.worker, 'message');
    await pause(round % 5);
    const ended = once(thread.worker, 'exit');
    await thread.end();
    await ended;
    expect(thread.worker.threadId).toBe(-1);
  }
});
