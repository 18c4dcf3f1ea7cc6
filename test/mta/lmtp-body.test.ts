import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { bodyMemory, receiveBody, SlowSenderError } from '../../src/mta/lmtp-body.ts';

const LIMIT = 1_000_000;

test('who stalls in the middle of a message does not keep the memory from others', async () => {
  const memory = bodyMemory(3 * LIMIT);
  const expected = { limit: LIMIT, announced: undefined, patience: 60_000 };
  const stalled = new PassThrough();
  const given = receiveBody(stalled, memory, { ...expected, patience: 500 });
  stalled.write(Buffer.alloc(600_000));
  const failed = expect(given).rejects.toThrow(SlowSenderError);
  const other = new PassThrough();
  const waiting = receiveBody(other, memory, expected);
  other.end(Buffer.alloc(700_000));
  await failed;
  const { length, bytes, release } = await waiting;
  expect([length, bytes?.length]).toEqual([700_000, 700_000]);
  release();
});

test('who has to wait for memory is not slow', async () => {
  const memory = bodyMemory(3 * LIMIT);
  const expected = { limit: LIMIT, announced: undefined, patience: 60_000 };
  const first = new PassThrough();
  const begun = receiveBody(first, memory, expected);
  first.end(Buffer.alloc(600_000));
  const { release } = await begun;
  const second = new PassThrough();
  const waiting = receiveBody(second, memory, { ...expected, patience: 50 });
  second.end(Buffer.alloc(800_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  release();
  expect((await waiting).length).toBe(800_000);
});
