import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { unsubscribe } from '../../../src/membership/unsubscribe.ts';
import { confirmToken } from '../../../src/membership/workflow/confirm.ts';
import { decideRequest } from '../../../src/membership/workflow/moderate.ts';
import { membershipRequests } from '../../../src/membership/workflow/requests.ts';
import {
  type UnsubscribeRequestOptions,
  unsubscribeRequest,
} from '../../../src/membership/workflow/unsubscription.ts';
import { openBench, type WorkflowBench } from './bench.ts';
import { reasonOf, tokenOf } from './outcomes.ts';

const GOODBYE = 'Anne@Example.com: You have been unsubscribed from the Ant mailing list';

let bench: WorkflowBench;
let database: Database;

beforeEach(async () => {
  database = await openDatabase('sqlite:///:memory:');
  bench = await openBench(database);
  await bench.run((step, list) =>
    subscribe(step.connection, list, [{ address: 'Anne@Example.com', displayName: 'Anne' }], {
      role: 'member',
      verified: true,
    }),
  );
});

afterEach(() => database.close());

function ask(options: UnsubscribeRequestOptions = {}, email = 'anne@example.com') {
  return bench.run((step, list) => unsubscribeRequest(step, list, email, options));
}

function confirm(token: string) {
  return bench.run((step, list) => confirmToken(step, list, token, 'via email confirmation'));
}

describe('the outcome of DELETE /members', () => {
  const C = { preConfirmed: true };
  const A = { preApproved: true };
  const cases = [
    ['open', {}, 'unsubscribed'],
    ['confirm', {}, 'pending subscriber'],
    ['confirm', C, 'unsubscribed'],
    ['moderate', {}, 'pending moderator'],
    ['moderate', C, 'pending moderator'],
    ['moderate', A, 'unsubscribed'],
    ['confirm_then_moderate', {}, 'pending subscriber'],
    ['confirm_then_moderate', C, 'unsubscribed'],
  ] as const;
  for (const [policy, options, expected] of cases) {
    it(`is ${expected} with policy ${policy} and ${JSON.stringify(options)}`, async () => {
      await bench.set({ unsubscription_policy: policy });
      const result = await ask(options);
      expect(result.outcome === 'pending' ? `pending ${result.tokenOwner}` : result.outcome).toBe(expected);
      expect(await bench.emails()).toEqual(expected === 'unsubscribed' ? [] : ['anne@example.com']);
    });
  }
});

describe('leaving', () => {
  it('is confirmed by mail, and ends with goodbye', async () => {
    const token = tokenOf(await ask());
    expect(bench.mails()).toEqual([
      'Anne@Example.com: Your confirmation is needed to leave the ant@example.com mailing list.',
    ]);
    expect((await confirm(token)).outcome).toBe('unsubscribed');
    expect(await bench.emails()).toEqual([]);
    expect(bench.mails()).toEqual([GOODBYE]);
    expect(bench.logged()).toContain(
      'subscribe: ant@example.com: deleted Anne@Example.com; via email confirmation',
    );
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
  });

  it('makes a token each time it is asked for, and all end together', async () => {
    const first = tokenOf(await ask());
    const second = tokenOf(await ask());
    expect(second).not.toBe(first);
    await confirm(second);
    expect(await reasonOf(confirm(first))).toBe('unknown_token');
  });

  it('can be asked for only so often where the caller says so', async () => {
    for (let time = 0; time < 3; time += 1) await ask({ mostOpenRequests: 3 });
    expect(await reasonOf(ask({ mostOpenRequests: 3 }))).toBe('too_many_requests');
  });

  it('waits for moderators after the confirmation, once', async () => {
    await bench.set({ unsubscription_policy: 'confirm_then_moderate' });
    for (let time = 0; time < 2; time += 1) await confirm(tokenOf(await ask()));
    const waiting = await membershipRequests(
      database.connection,
      'ant.example.com',
      { kind: 'unsubscription', tokenOwner: 'moderator' },
      bench.clock.now(),
    );
    expect(waiting).toHaveLength(1);
    bench.mails();
    const token = waiting[0]?.token ?? '';
    const result = await bench.run((step, list) => decideRequest(step, list, token, { kind: 'accept' }));
    expect(result.outcome).toBe('unsubscribed');
    expect(bench.mails()).toEqual([GOODBYE]);
  });

  it('is refused by moderators with a mail', async () => {
    await bench.set({ unsubscription_policy: 'moderate' });
    const token = tokenOf(await ask());
    expect(bench.mails()).toEqual([
      'ant-owner@example.com: New unsubscription request to Ant from anne@example.com',
    ]);
    await bench.run((step, list) => decideRequest(step, list, token, { kind: 'reject', reason: 'Stay!' }));
    expect(bench.mails()).toEqual(['Anne@Example.com: Request to mailing list "Ant" rejected']);
    expect(await bench.emails()).toEqual(['anne@example.com']);
  });

  it('tells owners where the list wants it, and says no goodbye where it does not', async () => {
    await bench.set({
      unsubscription_policy: 'open',
      admin_notify_mchanges: true,
      send_goodbye_message: false,
    });
    await ask();
    expect(bench.mails()).toEqual(['changeme@example.com: Ant unsubscription notification']);
  });

  it('tells whom the caller names', async () => {
    await ask({ preConfirmed: true, toPerson: false, toOwners: true });
    expect(bench.mails()).toEqual(['changeme@example.com: Ant unsubscription notification']);
  });

  it('must be confirmed by an address that somebody else names, even with policy open', async () => {
    await bench.set({ unsubscription_policy: 'open' });
    expect(await ask({ namedByOthers: true })).toMatchObject({ tokenOwner: 'subscriber' });
  });

  it('is refused to who is no member', async () => {
    expect(await reasonOf(ask({}, 'bart@example.com'))).toBe('not_member');
    const token = tokenOf(await ask());
    await bench.run((step, list) => unsubscribe(step.connection, list, 'member', ['anne@example.com']));
    expect(await reasonOf(confirm(token))).toBe('unknown_token');
  });
});
