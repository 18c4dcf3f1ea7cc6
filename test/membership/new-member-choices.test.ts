import { afterEach, beforeEach, expect, it } from 'vitest';
import { findMembers } from '../../src/database/members.ts';
import { type FlowBench, openFlowBench } from '../support/flow.ts';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
});
afterEach(() => bench.close());

async function joined(options?: Parameters<FlowBench['join']>[1]) {
  await bench.join(['anne@example.com'], options);
  const role = options?.role ?? 'member';
  const found = await findMembers(bench.database.connection, 'ant.example.com', role, ['anne@example.com']);
  return found.get('anne@example.com');
}

it('leaves everything open for those who join a list made here', async () => {
  const member = await joined();
  expect(Object.values(member?.preferences ?? {})).toEqual(Array(7).fill(null));
  expect(member?.receiveUnmatchedTopics).toBe(false);
});

it('gives new members the options of the list, by the bits of Mailman 2.1', async () => {
  await bench.set({ new_member_options: 2 + 4 + 16 + 64 + 256 });
  const member = await joined();
  expect(member?.preferences).toMatchObject({
    receive_own_postings: false,
    acknowledge_posts: true,
    hide_address: true,
    receive_list_copy: false,
  });
  expect(member?.receiveUnmatchedTopics).toBe(true);
});

it.each([
  [{ digest_is_default: true, mime_is_default_digest: false }, 'plaintext_digests'],
  [{ digest_is_default: true, mime_is_default_digest: true }, 'mime_digests'],
  [{ nondigestable: false, mime_is_default_digest: true }, 'mime_digests'],
  [{ digest_is_default: true, digests_enabled: false }, null],
])('with %j new members get %s', async (settings, mode) => {
  await bench.set(settings);
  expect((await joined())?.preferences.delivery_mode).toBe(mode);
});

it('lets whoever joins choose otherwise', async () => {
  await bench.set({ digest_is_default: true });
  expect((await joined({ deliveryMode: 'regular' }))?.preferences.delivery_mode).toBe('regular');
});

it('is for members only', async () => {
  await bench.set({ digest_is_default: true, new_member_options: 4 });
  expect((await joined({ role: 'owner' }))?.preferences.delivery_mode).toBeNull();
});
