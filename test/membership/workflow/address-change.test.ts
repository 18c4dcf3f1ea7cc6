import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAddress } from '../../../src/database/addresses.ts';
import { insertBans } from '../../../src/database/bans.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { insertList } from '../../../src/database/lists.ts';
import { membersOfList } from '../../../src/database/members.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { requestAddressChange } from '../../../src/membership/workflow/address-change.ts';
import { confirmToken } from '../../../src/membership/workflow/confirm.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { sampleList } from '../../database/samples.ts';
import { openBench, type WorkflowBench } from './bench.ts';
import { reasonOf } from './outcomes.ts';

const bee = sampleList('bee');

let bench: WorkflowBench;
let database: Database;

beforeEach(async () => {
  database = await openDatabase('sqlite:///:memory:');
  bench = await openBench(database);
  await insertList(database.connection, bee);
  await add(sampleList('ant'), 'anne@example.com');
  await add(bee, 'anne@example.com');
});

afterEach(() => database.close());

async function add(list: MailingList, address: string): Promise<void> {
  await subscribe(database.connection, list, [{ address, displayName: '' }], {
    role: 'member',
    verified: true,
  });
}

function ask(newAddress: string, everywhere = false, oldEmail = 'anne@example.com'): Promise<string> {
  const newMailbox = { address: newAddress, displayName: '' };
  return bench.run((step, list) => requestAddressChange(step, list, { oldEmail, newMailbox, everywhere }));
}

function confirm(token: string) {
  return bench.run((step, list) => confirmToken(step, list, token, ''));
}

async function membersOf(listId: string): Promise<string[]> {
  const members = await membersOfList(database.connection, listId, ['member']);
  return members.map(({ originalEmail }) => originalEmail);
}

describe('a change of address', () => {
  it('is confirmed by the new address before anything changes', async () => {
    const token = await ask('Anne@New.example');
    const [mail] = bench.queued;
    expect(mail?.message.headers.get('From')).toBe(`ant-confirm+${token}@example.com`);
    expect(mail?.message.root.body.toString()).toContain(`confirm ${token}`);
    expect(bench.mails()).toEqual([
      'Anne@New.example: Your confirmation is needed to change your address on the ant@example.com mailing list.',
    ]);
    expect(await membersOf('ant.example.com')).toEqual(['anne@example.com']);
    expect(await confirm(token)).toEqual({ outcome: 'address_changed' });
    expect(await membersOf('ant.example.com')).toEqual(['Anne@New.example']);
    expect(await membersOf('bee.example.com')).toEqual(['anne@example.com']);
    const [old, now] = await Promise.all(
      ['anne@example.com', 'anne@new.example'].map((email) => findAddress(database.connection, email)),
    );
    expect(now?.userId).toBe(old?.userId);
    expect(now?.verifiedOn).not.toBeNull();
    expect(await database.connection('user').select('user_id')).toHaveLength(1);
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
  });

  it('reaches all lists where that is wanted', async () => {
    await confirm(await ask('anne@new.example', true));
    expect(await membersOf('ant.example.com')).toEqual(['anne@new.example']);
    expect(await membersOf('bee.example.com')).toEqual(['anne@new.example']);
    expect(await findAddress(database.connection, 'anne@example.com')).toBeUndefined();
  });

  it('ends the old membership where the new address has one', async () => {
    await add(bee, 'anne@new.example');
    await confirm(await ask('anne@new.example', true));
    expect(await membersOf('ant.example.com')).toEqual(['anne@new.example']);
    expect(await membersOf('bee.example.com')).toEqual(['anne@new.example']);
  });

  it.each([false, true])(
    'asked for elsewhere (everywhere: %s) gives nobody the account',
    async (everywhere) => {
      await subscribe(database.connection, bee, [{ address: 'anne@example.com', displayName: '' }], {
        role: 'owner',
        verified: true,
      });
      const token = await ask('evil@example.net', everywhere);
      const data = { new_address: 'evil@example.net', display_name: '', everywhere, apart: true };
      await database.connection('pending').update({ data: JSON.stringify(data) });
      await confirm(token);
      expect(await membersOf('ant.example.com')).toEqual(['evil@example.net']);
      expect(await membersOf('bee.example.com')).toEqual([
        everywhere ? 'evil@example.net' : 'anne@example.com',
      ]);
      const owners = await membersOfList(database.connection, 'bee.example.com', ['owner']);
      expect(owners.map(({ email }) => email)).toEqual(['anne@example.com']);
      const [old, evil] = await Promise.all(
        ['anne@example.com', 'evil@example.net'].map((email) => findAddress(database.connection, email)),
      );
      expect(old?.userId).not.toBeNull();
      expect(evil?.userId).not.toBe(old?.userId);
    },
  );

  it('may be one of spelling only', async () => {
    await confirm(await ask('Anne@Example.com'));
    expect(await membersOf('ant.example.com')).toEqual(['Anne@Example.com']);
  });

  it('is refused where it cannot be', async () => {
    await add(sampleList('ant'), 'bart@example.com');
    await insertBans(database.connection, [{ listId: null, email: 'bad@example.com' }]);
    expect(await reasonOf(ask('anne'))).toBe('invalid_address');
    expect(await reasonOf(ask('anne@example.com'))).toBe('same_address');
    expect(await reasonOf(ask('bart@example.com'))).toBe('already_member');
    expect(await reasonOf(ask('bad@example.com'))).toBe('banned');
    expect(await reasonOf(ask('ant@example.com'))).toBe('posting_address');
    expect(await reasonOf(ask('x@example.com', false, 'nobody@example.com'))).toBe('not_member');
    expect(bench.mails()).toEqual([]);
  });

  it('is asked of one new address three times at most', async () => {
    for (let time = 0; time < 3; time += 1) await ask('x@example.com');
    expect(await reasonOf(ask('x@example.com'))).toBe('too_many_requests');
  });

  it('expires', async () => {
    const token = await ask('x@example.com');
    bench.clock.advance(3 * 86_400);
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
  });
});
