import { expect, it } from 'vitest';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { confirmToken } from '../../../src/membership/workflow/confirm.ts';
import { decideRequest } from '../../../src/membership/workflow/moderate.ts';
import { subscribeRequest } from '../../../src/membership/workflow/subscription.ts';
import { unsubscribeRequest } from '../../../src/membership/workflow/unsubscription.ts';
import { onEachDialect } from '../../database/dialects.ts';
import { openBench } from './bench.ts';
import { reasonOf, tokenOf } from './outcomes.ts';

const ANNE = { address: 'Änne@Bücher.example', displayName: 'Änne 🐜' };

await onEachDialect('membership workflow', (place) => {
  it('takes somebody in and lets her go', async () => {
    const bench = await openBench(await place.open());
    await bench.set({ subscription_policy: 'confirm_then_moderate' });
    const asked = await bench.run((step, list) => subscribeRequest(step, list, { mailbox: ANNE }));
    const confirmed = await bench.run((step, list) => confirmToken(step, list, tokenOf(asked), ''));
    await bench.run((step, list) => decideRequest(step, list, tokenOf(confirmed), { kind: 'accept' }));
    expect(await bench.members()).toMatchObject([
      { email: 'änne@bücher.example', originalEmail: ANNE.address, displayName: ANNE.displayName },
    ]);
    const leaving = await bench.run((step, list) =>
      unsubscribeRequest(step, list, 'änne@xn--bcher-kva.example'),
    );
    await bench.run((step, list) => confirmToken(step, list, tokenOf(leaving), ''));
    expect(await bench.emails()).toEqual([]);
  });

  it('takes a token once, however many send it at the same moment', async () => {
    const bench = await openBench(await place.open());
    const asked = await bench.run((step, list) => subscribeRequest(step, list, { mailbox: ANNE }));
    const attempts = Array.from({ length: 5 }, () =>
      bench.run((step, list) => confirmToken(step, list, tokenOf(asked), '')),
    );
    const done = await Promise.allSettled(attempts);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const attempt of attempts)
      await attempt.catch(async () => expect(await reasonOf(attempt)).toBe('unknown_token'));
    expect(await bench.emails()).toEqual(['änne@bücher.example']);
    expect(bench.mails()).toHaveLength(2);
  });

  it('opens one request of several that come at the same moment', async () => {
    const bench = await openBench(await place.open());
    const attempts = Array.from({ length: 5 }, () =>
      bench.run((step, list) => subscribeRequest(step, list, { mailbox: ANNE })),
    );
    const done = await Promise.allSettled(attempts);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('ends requests of many who are added at once', async () => {
    const database = await place.open();
    const bench = await openBench(database);
    await bench.run((step, list) => subscribeRequest(step, list, { mailbox: ANNE }));
    const many = Array.from({ length: 6000 }, (_, index) => ({
      address: `p${index}@example.com`,
      displayName: '',
    }));
    await bench.run((step, list) =>
      subscribe(step.connection, list, [...many, ANNE], { role: 'member', verified: true }),
    );
    expect(await database.connection('pending').select('token')).toEqual([]);
  });
});
