import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAddress, setPreferredAddress } from '../../../src/database/addresses.ts';
import { insertBans } from '../../../src/database/bans.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { insertList } from '../../../src/database/lists.ts';
import { membersOfList } from '../../../src/database/members.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { confirmToken } from '../../../src/membership/workflow/confirm.ts';
import { decideRequest } from '../../../src/membership/workflow/moderate.ts';
import { membershipRequests } from '../../../src/membership/workflow/requests.ts';
import {
  type SubscribeRequestOptions,
  type SubscribeResult,
  subscribeRequest,
} from '../../../src/membership/workflow/subscription.ts';
import { sampleList } from '../../database/samples.ts';
import { openBench, type WorkflowBench } from './bench.ts';
import { reasonOf, tokenOf } from './outcomes.ts';

const ANNE = { address: 'Anne@Example.com', displayName: 'Anne Person' };
const DAY = 86_400;

let bench: WorkflowBench;
let database: Database;

beforeEach(async () => {
  database = await openDatabase('sqlite:///:memory:');
  bench = await openBench(database);
});

afterEach(() => database.close());

function ask(options: SubscribeRequestOptions = {}, mailbox = ANNE): Promise<SubscribeResult> {
  return bench.run((step, list) => subscribeRequest(step, list, { mailbox }, options));
}

function confirm(token: string) {
  return bench.run((step, list) => confirmToken(step, list, token, 'via email confirmation'));
}

describe('the outcome of POST /members for a new address', () => {
  const V = { preVerified: true };
  const C = { preConfirmed: true };
  const A = { preApproved: true };
  const S = 'pending subscriber';
  const M = 'pending moderator';
  const J = 'subscribed';
  const columns = {
    none: {},
    V,
    'V+C': { ...V, ...C },
    C,
    'V+A': { ...V, ...A },
    'V+C+A': { ...V, ...C, ...A },
  };
  const matrix = {
    open: [S, J, J, S, J, J],
    confirm: [S, S, J, S, S, J],
    moderate: [S, M, M, S, J, J],
    confirm_then_moderate: [S, S, M, S, S, J],
  } as const;
  for (const [policy, row] of Object.entries(matrix)) {
    for (const [index, [column, options]] of Object.entries(columns).entries()) {
      it(`is ${row[index]} with policy ${policy} and ${column}`, async () => {
        await bench.set({ subscription_policy: policy as keyof typeof matrix });
        const result = await ask(options);
        const shown = result.outcome === 'pending' ? `pending ${result.tokenOwner}` : result.outcome;
        expect(shown).toBe(row[index]);
        expect(await bench.emails()).toEqual(row[index] === J ? ['anne@example.com'] : []);
      });
    }
  }
});

describe('joining with policy confirm', () => {
  it('asks by mail, and subscribes and welcomes whoever answers', async () => {
    const result = await ask();
    const token = tokenOf(result);
    expect(token).toMatch(/^[0-9a-f]{40}$/);
    const [mail] = bench.queued;
    expect(mail?.queue).toBe('virgin');
    expect(mail?.metadata.recipients).toEqual(['Anne@Example.com']);
    expect(mail?.message.headers.get('From')).toBe(`ant-confirm+${token}@example.com`);
    expect(mail?.message.headers.get('Auto-Submitted')).toBe('auto-generated');
    expect(mail?.message.headers.has('Precedence')).toBe(false);
    expect(bench.mails()).toEqual([
      'Anne@Example.com: Your confirmation is needed to join the ant@example.com mailing list.',
    ]);
    const before = await findAddress(database.connection, 'anne@example.com');
    expect(before?.verifiedOn).toBeNull();

    const confirmed = await confirm(token.toUpperCase());
    expect(confirmed.outcome).toBe('subscribed');
    const [member] = await bench.members();
    expect(member).toMatchObject({
      email: 'anne@example.com',
      originalEmail: 'Anne@Example.com',
      displayName: 'Anne Person',
      subscriptionMode: 'as_address',
      subscribedAt: bench.clock.now(),
    });
    expect((await findAddress(database.connection, 'anne@example.com'))?.verifiedOn).toBe(bench.clock.now());
    expect(bench.mails()).toEqual(['Anne@Example.com: Welcome to the "Ant" mailing list']);
    expect(bench.logged()).toContain(
      'subscribe: ant@example.com: new Anne Person <Anne@Example.com>, via email confirmation',
    );
  });

  it('takes a token once', async () => {
    const token = tokenOf(await ask());
    await confirm(token);
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
  });

  it('takes a token until it expires', async () => {
    const token = tokenOf(await ask());
    bench.clock.advance(3 * DAY);
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
    expect((await ask()).outcome).toBe('pending');
  });

  it('takes a token on its own list only', async () => {
    const token = tokenOf(await ask());
    const attempt = bench.run((step, list) =>
      confirmToken(step, { ...list, listId: 'bee.example.com' }, token, ''),
    );
    expect(await reasonOf(attempt)).toBe('unknown_token');
    expect((await confirm(token)).outcome).toBe('subscribed');
  });

  it('keeps how the mail is wanted', async () => {
    const token = tokenOf(await ask({ deliveryMode: 'mime_digests', deliveryStatus: 'by_user' }));
    bench.mails();
    await confirm(token);
    const [member] = await bench.members();
    expect(member?.preferences).toMatchObject({ delivery_mode: 'mime_digests', delivery_status: 'by_user' });
    expect(member?.deliveryStatusSince).toBe(bench.clock.now());
    expect(bench.mails()).toEqual(['Anne@Example.com: Welcome to the "Ant" mailing list (Digest mode)']);
  });

  it('asks an address that was verified before', async () => {
    await ask({ preVerified: true, preConfirmed: true });
    await database.connection('member').delete();
    expect(await ask()).toMatchObject({ outcome: 'pending', tokenOwner: 'subscriber' });
  });
});

describe('joining is refused', () => {
  it('while a request is pending', async () => {
    const token = tokenOf(await ask());
    expect(await reasonOf(ask({}, { address: 'anne@example.com', displayName: '' }))).toBe('pending');
    expect((await confirm(token)).outcome).toBe('subscribed');
  });

  it('to members', async () => {
    await ask({ preVerified: true, preConfirmed: true });
    expect(await reasonOf(ask())).toBe('already_member');
  });

  it('to the banned, by address and by pattern', async () => {
    await insertBans(database.connection, [
      { listId: 'ant.example.com', email: 'anne@example.com' },
      { listId: null, email: '^.*@evil\\.example$' },
    ]);
    expect(await reasonOf(ask())).toBe('banned');
    const other = { address: 'x@evil.example', displayName: '' };
    expect(await reasonOf(ask({ invitation: true }, other))).toBe('banned');
    expect(bench.mails()).toEqual([]);
  });

  it('to whoever was banned after asking', async () => {
    const token = tokenOf(await ask());
    await insertBans(database.connection, [{ listId: null, email: 'anne@example.com' }]);
    expect(await reasonOf(confirm(token))).toBe('banned');
    expect(await bench.emails()).toEqual([]);
  });

  it('to the list itself', async () => {
    expect(await reasonOf(ask({}, { address: 'ANT@example.com', displayName: '' }))).toBe('posting_address');
  });

  it('to what is no address', async () => {
    for (const address of ['anne', 'anne@', 'an ne@example.com', 'anne@example.com\nBcc: x@example.com'])
      expect(await reasonOf(ask({}, { address, displayName: '' }))).toBe('invalid_address');
  });
});

describe('joining with moderators', () => {
  beforeEach(() => bench.set({ subscription_policy: 'confirm_then_moderate' }));

  const askConfirmed = async (): Promise<string> => {
    const first = tokenOf(await ask());
    const second = await confirm(first);
    expect(second).toMatchObject({ outcome: 'pending', tokenOwner: 'moderator' });
    expect(tokenOf(second)).not.toBe(first);
    return tokenOf(second);
  };
  const decide = (token: string, decision: Parameters<typeof decideRequest>[3]) =>
    bench.run((step, list) => decideRequest(step, list, token, decision));

  it('waits for them after the confirmation, and tells them', async () => {
    await askConfirmed();
    expect(bench.mails()).toEqual([
      'Anne@Example.com: Your confirmation is needed to join the ant@example.com mailing list.',
      'ant-owner@example.com: New subscription request to Ant from anne@example.com',
    ]);
    expect(bench.logged()).toContain(
      'subscribe: ant@example.com: held subscription request from Anne Person <Anne@Example.com>',
    );
    const [request] = await membershipRequests(
      database.connection,
      'ant.example.com',
      { tokenOwner: 'moderator' },
      bench.clock.now(),
    );
    expect(request).toMatchObject({
      kind: 'subscription',
      email: 'anne@example.com',
      mailbox: ANNE,
      when: bench.clock.now(),
    });
  });

  it('says nothing to them with admin_immed_notify off', async () => {
    await bench.set({ admin_immed_notify: false });
    await askConfirmed();
    expect(bench.mails()).toHaveLength(1);
  });

  it('waits half a year for them', async () => {
    const token = await askConfirmed();
    bench.clock.advance(180 * DAY - 1);
    expect(await decide(token, { kind: 'defer' })).toEqual({ outcome: 'deferred' });
    bench.clock.advance(1);
    expect(await reasonOf(decide(token, { kind: 'defer' }))).toBe('unknown_token');
  });

  it('is not done by the token of the moderators when somebody sends it', async () => {
    const token = await askConfirmed();
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
    expect((await decide(token, { kind: 'accept' })).outcome).toBe('subscribed');
  });

  it('is done when they accept, once', async () => {
    const token = await askConfirmed();
    bench.mails();
    await bench.set({ admin_notify_mchanges: true });
    expect((await decide(token, { kind: 'accept' })).outcome).toBe('subscribed');
    expect(bench.mails()).toEqual([
      'Anne@Example.com: Welcome to the "Ant" mailing list',
      'changeme@example.com: Ant subscription notification',
    ]);
    expect(await reasonOf(decide(token, { kind: 'accept' }))).toBe('unknown_token');
  });

  it('ends with a mail when they reject, with none when they discard', async () => {
    const first = await askConfirmed();
    bench.mails();
    expect(await decide(first, { kind: 'reject', reason: 'Not this year.' })).toEqual({
      outcome: 'rejected',
    });
    const [mail] = bench.queued;
    expect(mail?.message.root.body.toString()).toContain('Not this year.');
    expect(bench.mails()).toEqual(['Anne@Example.com: Request to mailing list "Ant" rejected']);
    const second = await askConfirmed();
    bench.mails();
    expect(await decide(second, { kind: 'discard' })).toEqual({ outcome: 'discarded' });
    expect(bench.mails()).toEqual([]);
    expect(await bench.emails()).toEqual([]);
  });

  it('goes one step on when they accept what waits for the subscriber', async () => {
    const token = tokenOf(await ask());
    const result = await decide(token, { kind: 'accept' });
    expect(result).toMatchObject({ outcome: 'pending', tokenOwner: 'moderator' });
    expect((await findAddress(database.connection, 'anne@example.com'))?.verifiedOn).not.toBeNull();
  });

  it('needs none for addresses in subscribe_auto_approval', async () => {
    const bee = sampleList('bee');
    await insertList(database.connection, bee);
    await subscribe(database.connection, bee, [ANNE], { role: 'member', verified: true });
    for (const entry of ['ANNE@EXAMPLE.COM', '^anne@', '@bee', '@bee@example.com']) {
      await bench.set({ subscribe_auto_approval: [entry] });
      expect((await confirm(tokenOf(await ask()))).outcome).toBe('subscribed');
      await database.connection('member').where('list_id', 'ant.example.com').delete();
    }
  });
});

describe('an invitation', () => {
  it('subscribes whoever answers it, whatever the policy', async () => {
    await bench.set({ subscription_policy: 'moderate' });
    const result = await ask({ invitation: true });
    expect(result).toMatchObject({ outcome: 'pending', tokenOwner: 'subscriber' });
    expect(bench.mails()).toEqual([
      'Anne@Example.com: You have been invited to join the ant@example.com mailing list.',
    ]);
    expect((await confirm(tokenOf(result))).outcome).toBe('subscribed');
  });
});

describe('an address that somebody else names', () => {
  it('must confirm, even on an open list and when it is verified', async () => {
    await bench.set({ subscription_policy: 'open' });
    await ask({ preVerified: true });
    await database.connection('member').delete();
    expect(await ask({ namedByOthers: true })).toMatchObject({ tokenOwner: 'subscriber' });
    expect(await bench.emails()).toEqual([]);
  });
});

describe('a user who joins', () => {
  const userId = async (): Promise<string> => {
    const address = await findAddress(database.connection, 'anne@example.com');
    return address?.userId ?? '';
  };
  const askAsUser = async (options: SubscribeRequestOptions = {}) => {
    const id = await userId();
    return bench.run((step, list) => subscribeRequest(step, list, { userId: id }, options));
  };

  beforeEach(async () => {
    await ask({ preVerified: true, preConfirmed: true });
    await database.connection('member').delete();
    bench.mails();
  });

  it('joins with the preferred address', async () => {
    const anne = await findAddress(database.connection, 'anne@example.com');
    await setPreferredAddress(database.connection, await userId(), anne?.addressId ?? '');
    const result = await askAsUser({ preConfirmed: true });
    expect(result).toMatchObject({ outcome: 'subscribed', member: { subscriptionMode: 'as_user' } });
    expect(await reasonOf(askAsUser())).toBe('already_member');
  });

  it('confirms an address first where none is preferred, and prefers it then', async () => {
    await bench.set({ subscription_policy: 'open' });
    const result = await askAsUser();
    expect(result).toMatchObject({ outcome: 'pending', tokenOwner: 'subscriber' });
    const confirmed = await confirm(tokenOf(result));
    expect(confirmed).toMatchObject({ outcome: 'subscribed', member: { subscriptionMode: 'as_user' } });
    const row = await database.connection('address').where('is_preferred', 1).first('email');
    expect(row?.email).toBe('anne@example.com');
  });

  it('must exist and have an address', async () => {
    const attempt = (id: string) => bench.run((step, list) => subscribeRequest(step, list, { userId: id }));
    expect(await reasonOf(attempt('0'.repeat(32)))).toBe('no_such_user');
    const id = await userId();
    await database.connection('address').delete();
    expect(await reasonOf(attempt(id))).toBe('no_preferred_address');
  });
});

describe('who becomes a member', () => {
  const addNonmember = (email: string) =>
    bench.run((step, list) =>
      subscribe(step.connection, list, [{ address: email, displayName: '' }], {
        role: 'nonmember',
        verified: false,
      }),
    );
  const nonmembers = async () =>
    (await membersOfList(database.connection, 'ant.example.com', ['nonmember'])).map(({ email }) => email);

  it('is no nonmember any more, unless a moderator has decided something', async () => {
    await addNonmember('anne@example.com');
    await addNonmember('bart@example.com');
    await database
      .connection('member')
      .where('email', 'bart@example.com')
      .update({ moderation_action: 'discard' });
    await ask({ preVerified: true, preConfirmed: true });
    await ask({ preVerified: true, preConfirmed: true }, { address: 'bart@example.com', displayName: '' });
    expect(await nonmembers()).toEqual(['bart@example.com']);
  });

  it('is asked for nothing any more', async () => {
    const token = tokenOf(await ask());
    await bench.run((step, list) =>
      subscribe(step.connection, list, [ANNE], { role: 'member', verified: true }),
    );
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
    expect(await bench.emails()).toEqual(['anne@example.com']);
  });

  it('is welcomed only where the list or whoever asked wants it', async () => {
    await bench.set({ send_welcome_message: false });
    await ask({ preVerified: true, preConfirmed: true });
    expect(bench.mails()).toEqual([]);
    await database.connection('member').delete();
    await ask({ preVerified: true, preConfirmed: true, sendWelcome: true });
    expect(bench.mails()).toHaveLength(1);
  });
});
