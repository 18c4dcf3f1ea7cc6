import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAddress } from '../../src/database/addresses.ts';
import { findMembers, updateMember } from '../../src/database/members.ts';
import { findUser } from '../../src/database/users.ts';
import {
  changeAddressPreferences,
  changeDeliveryMode,
  changeMemberPreferences,
  changeUserPreferences,
} from '../../src/membership/preferences.ts';
import type { DeliveryMode } from '../../src/model/enums.ts';
import { type Member, noBounce } from '../../src/model/member.ts';
import { collect, sendAll } from '../support/digests.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['Dora@Example.net']);
});

afterEach(() => bench.close());

const now = () => bench.clock.now();

async function dora(): Promise<Member> {
  const { connection } = bench.database;
  const found = await findMembers(connection, 'ant.example.com', 'member', ['dora@example.net']);
  const member = found.get('dora@example.net');
  if (!member) throw new Error('Dora is gone');
  return member;
}

async function digestRecipients(): Promise<readonly string[]> {
  await collect(bench, [mail()]);
  return (await sendAll(bench)).flatMap(({ recipients }) => recipients);
}

describe('whoever gives digests up gets the one that was begun', () => {
  it('for one list', async () => {
    const change = async (mode: DeliveryMode) => {
      const member = await dora();
      await bench.database.transaction((connection) => changeDeliveryMode(connection, member, mode, now()));
    };
    await change('mime_digests');
    await collect(bench, [mail()]);
    await change('regular');
    expect(await digestRecipients()).toEqual(['Dora@Example.net']);
    expect(await digestRecipients()).toEqual([]);
  });

  it('for an address', async () => {
    const change = (delivery_mode: 'mime_digests' | null) =>
      bench.database.transaction(async (connection) => {
        const address = await findAddress(connection, 'dora@example.net');
        if (!address) throw new Error('no address');
        return changeAddressPreferences(connection, address, { delivery_mode });
      });
    expect((await change('mime_digests')).preferences.delivery_mode).toBe('mime_digests');
    await collect(bench, [mail()]);
    await change(null);
    expect(await digestRecipients()).toEqual(['Dora@Example.net']);
    expect(await digestRecipients()).toEqual([]);
  });

  it('for a user', async () => {
    const change = (delivery_mode: 'plaintext_digests' | 'regular') =>
      bench.database.transaction(async (connection) => {
        const address = await findAddress(connection, 'dora@example.net');
        const user = await findUser(connection, address?.userId ?? '');
        if (!user) throw new Error('no user');
        return changeUserPreferences(connection, user, { delivery_mode });
      });
    await change('plaintext_digests');
    await collect(bench, [mail()]);
    await change('regular');
    expect(await digestRecipients()).toEqual(['Dora@Example.net']);
    expect(await digestRecipients()).toEqual([]);
  });
});

describe('delivery', () => {
  it('that is switched off says since when, and keeps what has bounced', async () => {
    const { connection } = bench.database;
    const bounce = { ...noBounce, score: 4 };
    await updateMember(connection, { ...(await dora()), bounce });
    await changeMemberPreferences(connection, await dora(), { delivery_status: 'by_user' }, now());
    expect(await dora()).toMatchObject({ deliveryStatusSince: now(), bounce });
  });

  it('that is switched on again forgets what has bounced', async () => {
    const { connection } = bench.database;
    await changeMemberPreferences(connection, await dora(), { delivery_status: 'by_bounces' }, now());
    await updateMember(connection, { ...(await dora()), bounce: { ...noBounce, score: 4 } });
    await changeMemberPreferences(connection, await dora(), { hide_address: true }, now());
    expect((await dora()).bounce.score).toBe(4);
    await changeMemberPreferences(connection, await dora(), { delivery_status: 'enabled' }, now());
    expect((await dora()).bounce).toEqual(noBounce);
  });
});
