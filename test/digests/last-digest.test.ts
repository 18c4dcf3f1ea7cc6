import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { membersOfList } from '../../src/database/members.ts';
import { changeMemberPreferences } from '../../src/membership/preferences.ts';
import { unsubscribe } from '../../src/membership/unsubscribe.ts';
import type { DeliveryMode } from '../../src/model/enums.ts';
import type { Preferences } from '../../src/model/preferences.ts';
import { collect, sendAll } from '../support/digests.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
});
afterEach(() => bench.close());

/** Dora changes what she has set for this list. */
async function change(preferences: Partial<Preferences>): Promise<void> {
  await bench.database.transaction(async (connection) => {
    const [dora] = await membersOfList(connection, 'ant.example.com', ['member']);
    if (!dora) throw new Error('Dora is gone');
    await changeMemberPreferences(connection, dora, preferences, bench.clock.now());
  });
}

const join = (deliveryMode: DeliveryMode) => bench.join(['Dora@Example.net'], { deliveryMode });

/** Who gets the next digest, and whether it is plain. */
async function next(): Promise<(readonly [string, boolean])[]> {
  await collect(bench, [mail()]);
  const digests = await sendAll(bench);
  return digests.flatMap(({ recipients, message }) =>
    recipients.map((address) => [address, message.root.contentType.type === 'text'] as const),
  );
}

describe('whoever gives digests up', () => {
  test.each<[DeliveryMode, boolean]>([
    ['mime_digests', false],
    ['plaintext_digests', true],
    ['summary_digests', false],
  ])('gets the one that was begun, as before: %s', async (mode, isPlain) => {
    await join(mode);
    await collect(bench, [mail()]);
    await change({ delivery_mode: 'regular' });
    expect(await next()).toEqual([['Dora@Example.net', isPlain]]);
    expect(await next()).toEqual([]);
  });

  test('gets none where none was begun', async () => {
    await join('mime_digests');
    await change({ delivery_mode: 'regular' });
    expect(await next()).toEqual([]);
  });

  test('gets none with delivery switched off, or after leaving the list', async () => {
    await join('mime_digests');
    await collect(bench, [mail()]);
    await change({ delivery_mode: 'regular' });
    await change({ delivery_status: 'by_user' });
    expect(await next()).toEqual([]);
    await change({ delivery_mode: 'mime_digests', delivery_status: 'enabled' });
    await collect(bench, [mail()]);
    await change({ delivery_mode: 'regular' });
    const list = await bench.list();
    await bench.database.transaction((connection) =>
      unsubscribe(connection, list, 'member', ['dora@example.net']),
    );
    expect(await next()).toEqual([]);
  });

  test('and takes them again gets each once, in the new form', async () => {
    await join('mime_digests');
    await collect(bench, [mail()]);
    await change({ delivery_mode: 'regular' });
    await change({ delivery_mode: 'plaintext_digests' });
    expect(await next()).toEqual([['Dora@Example.net', true]]);
    await change({ delivery_mode: 'regular' });
    expect(await next()).toEqual([]);
  });
});

test('a change of something else keeps the last digest', async () => {
  await join('mime_digests');
  await collect(bench, [mail()]);
  await change({ delivery_mode: 'regular' });
  await change({ hide_address: true });
  expect(await next()).toEqual([['Dora@Example.net', false]]);
});

test('those who gave digests up in Mailman 2.1 get theirs, in the form of their option, once', async () => {
  await bench.join(['Dora@Example.net', 'Emil@Example.net', 'off@example.net'], { deliveryMode: 'regular' });
  const plain = JSON.stringify({ options: 8 });
  await bench.database.connection('member').where('email', 'emil@example.net').update({ legacy: plain });
  await bench.database
    .connection('member')
    .where('email', 'off@example.net')
    .update({ delivery_status: 'by_admin' });
  await bench.set({
    one_last_digest: ['dora@example.net', 'emil@example.net', 'off@example.net', 'gone@x.org'],
  });
  expect(await next()).toEqual([
    ['Dora@Example.net', false],
    ['Emil@Example.net', true],
  ]);
  expect((await bench.list()).settings.one_last_digest).toEqual([]);
  expect(await next()).toEqual([]);
});
