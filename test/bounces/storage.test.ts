import { expect, test } from 'vitest';
import { processBounces } from '../../src/bounces/process-bounces.ts';
import { warnAndRemove } from '../../src/bounces/warn-and-remove.ts';
import { insertBounceEvents, takeBounceEvents } from '../../src/database/bounce-events.ts';
import { insertDomain } from '../../src/database/domains.ts';
import { deleteList, insertList } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import { runStep } from '../../src/queue/enqueue.ts';
import { onEachDialect } from '../database/dialects.ts';
import { sampleList } from '../database/samples.ts';
import { stoppedClock, testServices } from '../support/services.ts';

await onEachDialect('bounces', (place) => {
  const open = async () => {
    const database = await place.open();
    const clock = stoppedClock();
    const services = testServices(database, { clock });
    const list = sampleList('ant');
    const set = { ...list, settings: { ...list.settings, bounce_score_threshold: 2 } };
    const people = Array.from({ length: 120 }, (_, n) => ({ address: `u${n}@example.net`, displayName: '' }));
    await database.transaction(async (connection) => {
      await insertDomain(connection, { mailHost: 'example.com', description: null, aliasDomain: null });
      await insertList(connection, set);
      await subscribe(connection, set, people, { role: 'member', verified: true });
    });
    const register = () =>
      database.transaction((connection) =>
        insertBounceEvents(
          connection,
          list.listId,
          people.map(({ address }) => address),
          {
            context: 'normal',
            receivedAt: clock.now(),
            content: Buffer.from('Subject: \xff\0\r\n', 'latin1'),
          },
        ),
      );
    return { database, services, clock, list, register };
  };

  test('are counted in batches until none is left, and lead to warnings and removal', async () => {
    const { database, services, clock, list, register } = await open();
    for (let day = 0; day < 2; day += 1) {
      await register();
      while (await runStep(services, (step) => processBounces(step, 50)));
      clock.advance(86_400);
    }
    const members = await membersOfList(database.connection, list.listId, ['member']);
    expect(new Set(members.map(({ preferences }) => preferences.delivery_status))).toEqual(
      new Set(['by_bounces']),
    );
    expect(await database.connection('bounce_message').select('bounce_id')).toEqual([]);
    for (let week = 0; week < 3; week += 1) {
      clock.advance(7 * 86_400);
      while (await runStep(services, (step) => warnAndRemove(step)));
    }
    expect(await membersOfList(database.connection, list.listId, ['member'])).toEqual([]);
    expect(services.logged.filter(({ logger }) => logger === 'error')).toEqual([]);
  });

  test('are taken by one host only', async () => {
    const { database, register } = await open();
    await register();
    const take = () => database.transaction((connection) => takeBounceEvents(connection, 70));
    const taken =
      place.dialect === 'sqlite' ? [await take(), await take()] : await Promise.all([take(), take()]);
    const ids = [...taken.flat(), ...(await take())].map(({ eventId }) => eventId);
    expect([ids.length, new Set(ids).size]).toEqual([120, 120]);
  });

  test('go with their list', async () => {
    const { database, list, register } = await open();
    await register();
    await deleteList(database.connection, list.listId);
    expect(await database.connection('bounce_event').select('event_id')).toEqual([]);
    expect(await database.connection('bounce_message').select('bounce_id')).toEqual([]);
  });
});
